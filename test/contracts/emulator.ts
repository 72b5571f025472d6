/** The emulator of the contract: moto behind a proxy that answers what it does not know. */
import { startAwsProxy } from "../support/aws-proxy.js";
import { type Moto, startMoto } from "../support/moto.js";

/** Answers in place of the emulator: AWS's own to what is in order. The provider asks while it plans. */
const ANSWERS: { [call: string]: string } = {
  // Step Functions API reference, ValidateStateMachineDefinition.
  "states ValidateStateMachineDefinition": '{"result":"OK","diagnostics":[],"truncated":false}',
  // ... and ListStateMachineVersions, of a machine of which none was published.
  "states ListStateMachineVersions": '{"stateMachineVersions":[]}',
};

/** Starts it, fresh. */
export async function startEmulator(): Promise<Pick<Moto, "endpoint" | "env" | "stop">> {
  const moto = await startMoto();
  const proxy = await startAwsProxy(moto.endpoint);
  proxy.fault = ({ service, operation }) => {
    proxy.calls.length = 0;
    const body = ANSWERS[`${service} ${operation}`];
    return body === undefined ? undefined : { status: 200, body };
  };
  const stop = async (): Promise<void> => {
    await proxy.stop();
    await moto.stop();
  };
  return { endpoint: proxy.endpoint, env: { ...moto.env, AWS_ENDPOINT_URL: proxy.endpoint }, stop };
}
