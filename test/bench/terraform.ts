/** The peer: terraform applying the same topics with the same provider. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Moto } from "../support/moto.js";
import { runProcess } from "./measure.js";
import { topicTerraform } from "./stacks.js";

/** `terraform apply` of that many topics. With `stores`, an emulator's endpoint, state and lock are on its S3 and DynamoDB; else in a folder. */
export function terraformApply(count: number, moto: Moto, stores?: string): ReturnType<typeof runProcess> {
  const folder = mkdtempSync(join(tmpdir(), "panka-terraform-"));
  try {
    mkdirSync(join(folder, ".home"));
    writeFileSync(join(folder, "main.tf"), topicTerraform(count, moto.endpoint, stores && s3Backend(stores)));
    const mirror = `provider_installation {\n  filesystem_mirror { path = "${process.env.PANKA_PLUGIN_DIR}" }\n}\n`;
    writeFileSync(join(folder, "rc"), mirror);
    const env = { ...process.env, ...moto.env, TF_CLI_CONFIG_FILE: join(folder, "rc") };
    runProcess("terraform", ["init", "-input=false"], { cwd: folder, env });
    return runProcess("terraform", ["apply", "-auto-approve", "-input=false"], { cwd: folder, env });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Bucket and table as `makeStores` makes them. */
function s3Backend(endpoint: string): string {
  return `  backend "s3" {
    bucket = "bench"
    key = "terraform.tfstate"
    region = "us-east-1"
    dynamodb_table = "terraform-locks"
    use_path_style = true
    skip_credentials_validation = true
    skip_requesting_account_id = true
    skip_metadata_api_check = true
    endpoints = {
      s3 = "${endpoint}"
      dynamodb = "${endpoint}"
    }
  }
`;
}
