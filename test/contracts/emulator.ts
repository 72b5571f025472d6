/** The emulator of the contract, and before it, for types of which it does not know all calls, a proxy that answers these. */
import type { Provider } from "../../framework/model/index.js";
import { startAwsProxy } from "../support/aws-proxy.js";
import { startMoto } from "../support/moto.js";
import { providerOn } from "../support/plugin.js";

/** Type -> calls that the proxy answers, with what AWS says where all is in order. */
const ANSWERED: { [type: string]: { [call: string]: string } } = {
  "aws:sfn/stateMachine:StateMachine": {
    // Step Functions API reference, ValidateStateMachineDefinition: the provider asks while it plans.
    ValidateStateMachineDefinition: '{"result":"OK","diagnostics":[],"truncated":false}',
    // ... and ListStateMachineVersions, of a machine of which none was published.
    ListStateMachineVersions: '{"stateMachineVersions":[]}',
  },
};

/** The official provider on a fresh emulator. */
export interface Emulator {
  /** The one that a type is played with. */
  provider(type: string): Provider;
  stop(): Promise<void>;
}

/** Starts it. */
export async function startEmulator(): Promise<Emulator> {
  const moto = await startMoto();
  const proxy = await startAwsProxy(moto.endpoint);
  const answers = Object.assign({}, ...Object.values(ANSWERED)) as { [call: string]: string };
  proxy.fault = ({ operation }) => {
    const body = answers[operation];
    return body === undefined ? undefined : { status: 200, body };
  };
  const direct = providerOn(moto);
  const answered = providerOn({ endpoint: proxy.endpoint, env: { ...moto.env, AWS_ENDPOINT_URL: proxy.endpoint } });
  return {
    provider: (type) => (type in ANSWERED ? answered : direct),
    async stop() {
      await Promise.all([direct.close(), answered.close()]);
      await proxy.stop();
      await moto.stop();
    },
  };
}
