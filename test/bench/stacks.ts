/** Stacks of any size for the benchmarks. */

/** The files of a YAML stack of `count` SNS topics, a service of 100 in each file; the first `changed` ones with another display name. */
export function topicFiles(count: number, changed = 0): Record<string, string> {
  const files: Record<string, string> = {
    "stack.yaml":
      "apiVersion: core.panka.io/v1\nkind: Stack\nmetadata: { name: bench }\nspec: { provider: { name: aws, region: us-east-1 } }\n",
  };
  for (let first = 0; first < count; first += 100) {
    const service = `s${first / 100}`;
    const documents = [`apiVersion: core.panka.io/v1\nkind: Service\nmetadata: { name: ${service} }`];
    for (let i = first; i < Math.min(first + 100, count); i++) {
      const name = i < changed ? `Changed ${i}` : `Topic ${i}`;
      documents.push(`apiVersion: components.panka.io/v1\nkind: SNS\nmetadata: { name: t${i} }\nspec: { displayName: "${name}" }`);
    }
    files[`services/${service}/all.yaml`] = `${documents.join("\n---\n")}\n`;
  }
  return files;
}

/** The same topics for terraform, against an emulator. `backend`: a block that says where its state is; default beside it. */
export function topicTerraform(count: number, endpoint: string, backend = ""): string {
  const head = `terraform {
${backend}  required_providers {
    aws = { source = "hashicorp/aws", version = "5.100.0" }
  }
}
provider "aws" {
  region = "us-east-1"
  access_key = "test"
  secret_key = "test"
  skip_credentials_validation = true
  skip_metadata_api_check = true
  skip_requesting_account_id = true
  endpoints {
    sns = "${endpoint}"
    sts = "${endpoint}"
  }
}
`;
  const topics = Array.from(
    { length: count },
    (_, i) => `resource "aws_sns_topic" "t${i}" {\n  name = "bench-t${i}"\n  display_name = "Topic ${i}"\n}`,
  );
  return `${head}${topics.join("\n")}\n`;
}

/** panka.config.yaml of the benchmarks. */
export const CONFIG =
  "version: 1\nenvironments:\n  development: { provider: local }\n  cloud: { provider: aws, backend: { type: local } }\n";
