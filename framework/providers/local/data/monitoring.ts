/** CloudWatch alarms, dashboards and logs; X-Ray. */
import type { RuleTable } from "../rules.js";

/** Rules by token. */
export const MONITORING: RuleTable = {
  "aws:cloudwatch/logGroup:LogGroup": {
    id: "{name}",
    arn: "arn:{partition}:logs:{region}:{account}:log-group:{name}",
    unique: [{ by: ["name"], code: "ResourceAlreadyExistsException" }],
  },
  "aws:cloudwatch/logMetricFilter:LogMetricFilter": {
    id: "{name}",
    importId: "{logGroupName}:{name}",
    unique: [{ by: ["logGroupName", "name"], existing: "overwrite", code: "" }],
    parents: { logGroupName: { types: ["aws:cloudwatch/logGroup:LogGroup"], by: ["id", "name"], code: "ResourceNotFoundException" } },
  },
  "aws:cloudwatch/logSubscriptionFilter:LogSubscriptionFilter": {
    id: "cwlsf-{serial}",
    importId: "{logGroup}|{name}",
    unique: [{ by: ["logGroup", "name"], existing: "overwrite", code: "" }],
    parents: { logGroup: { types: ["aws:cloudwatch/logGroup:LogGroup"], by: ["id", "name"], code: "ResourceNotFoundException" } },
  },
  "aws:cloudwatch/logResourcePolicy:LogResourcePolicy": { id: "{policyName}" },
  "aws:cloudwatch/metricAlarm:MetricAlarm": {
    id: "{name}",
    arn: "arn:{partition}:cloudwatch:{region}:{account}:alarm:{name}",
    unique: [{ by: ["name"], existing: "overwrite", code: "" }],
  },
  "aws:cloudwatch/compositeAlarm:CompositeAlarm": {
    id: "{alarmName}",
    arn: "arn:{partition}:cloudwatch:{region}:{account}:alarm:{alarmName}",
    unique: [{ by: ["alarmName"], existing: "overwrite", code: "" }],
  },
  "aws:cloudwatch/dashboard:Dashboard": {
    id: "{dashboardName}",
    computed: { dashboardArn: "arn:{partition}:cloudwatch::{account}:dashboard/{dashboardName}" },
    unique: [{ by: ["dashboardName"], existing: "overwrite", code: "" }],
  },
  "aws:xray/group:Group": {
    id: "arn:{partition}:xray:{region}:{account}:group/{groupName}/{random:16}",
    arn: "{id}",
    unique: [{ by: ["groupName"], code: "InvalidRequestException" }],
  },
};
