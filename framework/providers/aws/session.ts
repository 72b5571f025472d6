/** The configured plugin: started on the first call, started again after it died, stopped once. */
import { PankaError } from "../../base/errors.js";
import type { PropertySchema, ProviderError } from "../../model/index.js";
import { failed, noAnswer } from "./failures.js";
import { type PluginProcess, startPlugin } from "./process.js";
import type { Calls } from "./protocol/client.js";
import { toDynamic } from "./protocol/codec.js";
import { type AwsSettings, configureFailed, providerConfig } from "./settings.js";

/** The Terraform version that we say we are: the plugin only puts it into its user agent. */
const HOST_VERSION = "1.11.4";

/** What a session needs. */
export interface SessionOptions {
  settings: AwsSettings;
  /** Environment to choose the plugin's from. */
  env: { [name: string]: string | undefined };
  /** The plugin's working folder. */
  cwd?: string;
  /** Finds the plugin's program, or downloads it; called once, when first needed. */
  locate: () => Promise<string>;
  /** Schema of the provider block. */
  configSchema: () => { [name: string]: PropertySchema };
}

/** Calls into the plugin. */
export class Session {
  private running: Promise<PluginProcess> | undefined;
  private closed = false;
  constructor(private readonly options: SessionOptions) {}

  /**
   * Calls the plugin; starts it if it is not running.
   * @param changes true if the call may change something: if it gets no answer the outcome is unknown
   * @throws ProviderError `died`, when no answer came; PankaError when the plugin can't be found, started or configured
   */
  async call<K extends keyof Calls>(name: K, request: Calls[K][0], changes = false): Promise<Calls[K][1]> {
    const plugin = await this.start();
    try {
      return await plugin.client.call(name, request);
    } catch (error) {
      throw await this.lost(plugin, error, changes);
    }
  }

  /** Starts and configures, if need be. */
  start(): Promise<PluginProcess> {
    if (this.closed) throw new PankaError("provider-closed", "the provider has been closed");
    if (!this.running) {
      const starting = this.open();
      this.running = starting;
      starting.then(
        (plugin) => void plugin.exited.then(() => this.forget(starting)),
        () => this.forget(starting),
      );
    }
    return this.running;
  }

  /** Stops the plugin. Later calls fail. */
  async close(): Promise<void> {
    this.closed = true;
    const running = this.running;
    this.running = undefined;
    const plugin = await running?.catch(() => undefined);
    if (plugin?.alive()) await plugin.stop();
  }

  private forget(which: Promise<PluginProcess>): void {
    if (this.running === which) this.running = undefined;
  }

  private async open(): Promise<PluginProcess> {
    const file = await this.options.locate();
    const plugin = await startPlugin(file, this.options.env, this.options.cwd);
    try {
      const config = toDynamic(providerConfig(this.options.configSchema(), this.options.settings));
      const answer = await plugin.client.call("Configure", { terraform_version: HOST_VERSION, config });
      if (failed(answer.diagnostics)) throw configureFailed(answer.diagnostics, this.options.settings);
      return plugin;
    } catch (error) {
      await plugin.stop();
      throw error instanceof PankaError ? error : noAnswer(error, undefined, false);
    }
  }

  /** Waits a moment for news of the plugin's end, so that the error can say how it died. */
  private async lost(plugin: PluginProcess, error: unknown, changes: boolean): Promise<ProviderError> {
    let timer: NodeJS.Timeout | undefined;
    const how = await Promise.race([
      plugin.exited,
      new Promise<undefined>((resolve) => {
        timer = setTimeout(() => resolve(undefined), 500);
      }),
    ]);
    clearTimeout(timer);
    return noAnswer(error, how, changes);
  }
}
