/** What components can have beside the least of their kind, on the official provider: made, changed, something of it replaced, destroyed. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { features } from "../support/feature-lives.js";
import { FORGOTTEN } from "../support/life-checks.js";
import { playBeside, playOnEmulator, whyNoLives } from "../support/life-runs.js";
import { aws, awsAll, startMoto } from "../support/moto.js";
import { UNSERVED_FEATURES } from "../support/unserved-features.js";

/** What the emulator forgets beside what it forgets of kinds. */
const MORE_FORGOTTEN: { readonly [type: string]: readonly string[] } = {
  "aws:ec2/instance:Instance": ["associatePublicIpAddress", "vpcSecurityGroupIds"],
  // It reads back the tags of the template itself as well.
  "aws:ec2/launchTemplate:LaunchTemplate": ["tagSpecifications"],
  "aws:ecs/service:Service": [
    ...["capacityProviderStrategies", "enableEcsManagedTags", "orderedPlacementStrategies"],
    // Of a service that is made with other ones than the usual.
    ...["deploymentMaximumPercent", "deploymentMinimumHealthyPercent"],
  ],
  // Which follow from a replacement for the sake of these.
  "aws:cloudwatch/dashboard:Dashboard": ["dashboardBody"],
  "aws:cloudwatch/metricAlarm:MetricAlarm": ["dimensions.ServiceName"],
  "aws:lb/targetGroupAttachment:TargetGroupAttachment": ["targetId"],
};

/** What the AWS CLI lists of some of what the stack makes: texts by command. */
function listing(endpoint: string): { [command: string]: string } {
  const commands = [
    "apigateway get-rest-apis --query items[].name",
    "apigatewayv2 get-apis --query Items[].Name",
    "autoscaling describe-auto-scaling-groups --query AutoScalingGroups[].AutoScalingGroupName",
    "ec2 describe-instances --query Reservations[].Instances[?State.Name!='terminated'].InstanceId[]",
    "ec2 describe-launch-templates --query LaunchTemplates[].LaunchTemplateName",
    "ec2 describe-security-groups --query SecurityGroups[].GroupId",
    "ec2 describe-vpcs --query Vpcs[].VpcId",
    "elbv2 describe-target-groups --query TargetGroups[].TargetGroupName",
    "iam list-roles --query Roles[].RoleName",
    "logs describe-log-groups --query logGroups[].logGroupName",
  ];
  const texts = awsAll(
    endpoint,
    commands.map((command) => command.split(" ")),
  );
  return Object.fromEntries(commands.map((command, i) => [command, texts[i]?.trim() ?? ""]));
}

/** What the account has before the stack: a key, a topic, a stream. */
function prepare(endpoint: string): string {
  const ask = (command: string): any => JSON.parse(aws(endpoint, command.split(" ")));
  ask("sns create-topic --name oncall");
  ask("s3api create-bucket --bucket features-logs");
  const target = "RoleARN=arn:aws:iam::123456789012:role/logs,BucketARN=arn:aws:s3:::features-logs";
  ask(`firehose create-delivery-stream --delivery-stream-name logs --extended-s3-destination-configuration ${target}`);
  return ask("kms create-key").KeyMetadata.Arn;
}

const why = whyNoLives();

test("on the emulator instances for tasks, further containers, volumes, files, names inside, APIs with authorizers and logs, targets of load balancers, the stack's key, traces and log destinations are made, changed, replaced and destroyed, and nothing is left", async () => {
  if (why) return console.log(`SKIP features of components on the emulator: ${why}`);
  const moto = await startMoto({ MOTO_IAM_LOAD_MANAGED_POLICIES: "true" });
  try {
    const key = prepare(moto.endpoint);
    const before = listing(moto.endpoint);
    const play = {
      name: "features",
      lives: features(key),
      forgotten: { ...FORGOTTEN, ...MORE_FORGOTTEN },
      files: (stage: string) => ({ "configs/api.yaml": `stage: ${stage}\n` }),
    };
    assert.equal(await playOnEmulator(moto, play), []);
    assert.equal(listing(moto.endpoint), before);
  } finally {
    await moto.stop();
  }
});

test("scaling, instances of a function kept ready, objectives, rotation, another key and preflights, which the emulator can't serve, are planned by the official provider as the local one makes, changes and replaces them", async () => {
  if (why) return console.log(`SKIP features of components beside the emulator: ${why}`);
  const moto = await startMoto();
  try {
    await playBeside(moto, { name: "unserved", lives: UNSERVED_FEATURES });
  } finally {
    await moto.stop();
  }
});

test.run();
