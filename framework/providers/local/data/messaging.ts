/** SQS, SNS, EventBridge, Kinesis, Step Functions. */
import type { ParentRule, RuleTable } from "../rules.js";

const queueUrl: ParentRule = { types: ["aws:sqs/queue:Queue"], by: ["id", "url"], code: "AWS.SimpleQueueService.NonExistentQueue" };
const topicArn: ParentRule = { types: ["aws:sns/topic:Topic"], code: "NotFound" };
const bus: ParentRule = { types: ["aws:cloudwatch/eventBus:EventBus"], by: ["id", "arn", "name"], code: "ResourceNotFoundException" };

/** Rules by token. */
export const MESSAGING: RuleTable = {
  "aws:sqs/queue:Queue": {
    id: "https://sqs.{region}.amazonaws.com/{account}/{name}",
    arn: "arn:{partition}:sqs:{region}:{account}:{name}",
    computed: { url: "{id}", kmsDataKeyReusePeriodSeconds: 300, sqsManagedSseEnabled: true },
    unique: [{ by: ["name"], existing: "same", code: "QueueAlreadyExists" }],
  },
  "aws:sqs/queuePolicy:QueuePolicy": {
    id: "{queueUrl}",
    unique: [{ by: ["queueUrl"], existing: "overwrite", code: "" }],
    parents: { queueUrl },
  },
  "aws:sqs/redrivePolicy:RedrivePolicy": {
    id: "{queueUrl}",
    unique: [{ by: ["queueUrl"], existing: "overwrite", code: "" }],
    parents: { queueUrl },
  },
  "aws:sqs/redriveAllowPolicy:RedriveAllowPolicy": {
    id: "{queueUrl}",
    unique: [{ by: ["queueUrl"], existing: "overwrite", code: "" }],
    parents: { queueUrl },
  },
  "aws:sns/topic:Topic": {
    id: "arn:{partition}:sns:{region}:{account}:{name}",
    arn: "{id}",
    computed: { owner: "{account}", policy: "{}" },
    unique: [{ by: ["name"], existing: "same", code: "InvalidParameter" }],
  },
  "aws:sns/topicPolicy:TopicPolicy": {
    id: "{arn}",
    computed: { owner: "{account}" },
    unique: [{ by: ["arn"], existing: "overwrite", code: "" }],
    parents: { arn: topicArn },
  },
  "aws:sns/topicSubscription:TopicSubscription": {
    id: "{topic}:{uuid}",
    arn: "{id}",
    computed: {
      ownerId: "{account}",
      confirmationWasAuthenticated: true,
      pendingConfirmation: false,
      filterPolicyScope: "{?filterPolicy}MessageAttributes",
    },
    notRead: ["confirmationTimeoutInMinutes", "endpointAutoConfirms"],
    unique: [{ by: ["topic", "protocol", "endpoint"], existing: "same", code: "InvalidParameter" }],
    parents: { topic: topicArn },
  },
  "aws:cloudwatch/eventBus:EventBus": {
    id: "{name}",
    arn: "arn:{partition}:events:{region}:{account}:event-bus/{name}",
    unique: [{ by: ["name"], code: "ResourceAlreadyExistsException" }],
    blockedBy: [{ type: "aws:cloudwatch/eventRule:EventRule", path: "eventBusName", code: "ValidationException" }],
  },
  "aws:cloudwatch/eventBusPolicy:EventBusPolicy": { id: "{eventBusName|or:default}", parents: { eventBusName: bus } },
  "aws:cloudwatch/eventRule:EventRule": {
    id: "{eventBusName}/{name}",
    arn: "arn:{partition}:events:{region}:{account}:rule/{eventBusName}/{name}",
    computed: { eventBusName: "default" },
    unique: [{ by: ["eventBusName", "name"], existing: "overwrite", code: "" }],
    parents: { eventBusName: bus },
    blockedBy: [{ type: "aws:cloudwatch/eventTarget:EventTarget", path: "rule", by: "name", code: "ValidationException" }],
    oneOf: [["scheduleExpression", "eventPattern"]],
  },
  "aws:cloudwatch/eventTarget:EventTarget": {
    id: "{eventBusName|or:default}-{rule}-{targetId}",
    importId: "{eventBusName|or:default}/{rule}/{targetId}",
    computed: { targetId: "terraform-{random:26}" },
    unique: [{ by: ["eventBusName", "rule", "targetId"], existing: "overwrite", code: "" }],
    parents: {
      rule: { types: ["aws:cloudwatch/eventRule:EventRule"], by: ["id", "name"], code: "ResourceNotFoundException" },
      eventBusName: bus,
    },
  },
  "aws:sfn/stateMachine:StateMachine": {
    id: "arn:{partition}:states:{region}:{account}:stateMachine:{name}",
    arn: "{id}",
    computed: { creationDate: "{now}", status: "ACTIVE", type: "STANDARD" },
    openBlocks: ["encryptionConfiguration", "loggingConfiguration", "tracingConfiguration"],
    unique: [{ by: ["name"], existing: "same", code: "StateMachineAlreadyExists" }],
  },
  "aws:scheduler/schedule:Schedule": {
    id: "{groupName|or:default}/{name}",
    arn: "arn:{partition}:scheduler:{region}:{account}:schedule/{groupName|or:default}/{name}",
    computed: { groupName: "default" },
    unique: [{ by: ["groupName", "name"], code: "ConflictException" }],
  },
  "aws:scheduler/scheduleGroup:ScheduleGroup": {
    id: "{name}",
    arn: "arn:{partition}:scheduler:{region}:{account}:schedule-group/{name}",
    computed: { state: "ACTIVE", creationDate: "{now}", lastModificationDate: "{now}" },
    unique: [{ by: ["name"], code: "ConflictException" }],
  },
  "aws:kinesis/stream:Stream": {
    id: "arn:{partition}:kinesis:{region}:{account}:stream/{name}",
    arn: "{id}",
    importId: "{name}",
    unique: [{ by: ["name"], code: "ResourceInUseException" }],
  },
};
