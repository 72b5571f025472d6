/** Pieces of YAML stacks as text, for tests that run the command. Each ends with a line feed; documents are divided by `---` lines. */

/** The Stack document and the Service `app`. `provider`: what stands in it beside its name, in flow form. */
export function stackHead(name: string, provider = "region: us-east-1"): string {
  return `apiVersion: core.panka.io/v1
kind: Stack
metadata: { name: ${name} }
spec: { provider: { name: aws, ${provider} } }
---
apiVersion: core.panka.io/v1
kind: Service
metadata: { name: app }
`;
}

/** A component document. `spec`: in flow form, or lines that are indented already. */
export function component(kind: string, name: string, spec = "{}"): string {
  return `apiVersion: components.panka.io/v1\nkind: ${kind}\nmetadata: { name: ${name} }\nspec: ${spec}\n`;
}

/** A stack with the topic `news` and the parameter `hidden`, whose secret value holds the topic's ARN. */
export function topicAndSecret(stack: string): string {
  const parameter = '{ type: "aws:ssm/parameter:Parameter", props: { type: SecureString, value: "hidden ${news.arn}" } }';
  return [
    stackHead(stack),
    component("Resource", "news", '{ type: "aws:sns/topic:Topic", props: { displayName: one } }'),
    component("Resource", "hidden", parameter),
  ].join("---\n");
}
