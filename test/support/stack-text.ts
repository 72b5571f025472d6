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
