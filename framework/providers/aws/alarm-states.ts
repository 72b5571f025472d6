/** In what state alarms are (Amazon CloudWatch API reference, DescribeAlarms): the plugin has no data source for it. */
import { messageOf } from "../../base/errors.js";
import { type AlarmState, type Props, ProviderError } from "../../model/index.js";
import { type Call, CallError } from "./signed-call.js";

/** Most names in one question. */
const AT_ONCE = 100;
const TARGET = "GraniteServiceVersion20100801.DescribeAlarms";

const STATES: { readonly [value: string]: AlarmState } = { OK: "quiet", ALARM: "raised", INSUFFICIENT_DATA: "unknown" };

interface Answer {
  MetricAlarms?: { AlarmName: string; StateValue: string }[];
  CompositeAlarms?: { AlarmName: string; StateValue: string }[];
}

/** The states of the alarms of `names`, those of metrics and composite ones. Throws ProviderError `failed` where the service does not answer. */
export async function alarmStates({ names }: Props, call: Call): Promise<Props> {
  const wanted = Array.isArray(names) ? names.map(String) : [];
  const states: { [name: string]: AlarmState } = {};
  for (let from = 0; from < wanted.length; from += AT_ONCE) {
    const input = { AlarmNames: wanted.slice(from, from + AT_ONCE), AlarmTypes: ["MetricAlarm", "CompositeAlarm"], MaxRecords: AT_ONCE };
    const { MetricAlarms = [], CompositeAlarms = [] } = (await call("monitoring", TARGET, input).catch(refused)) as Answer;
    for (const { AlarmName, StateValue } of [...MetricAlarms, ...CompositeAlarms]) states[AlarmName] = STATES[StateValue] ?? "unknown";
  }
  return { states };
}

function refused(error: unknown): never {
  if (error instanceof CallError) throw new ProviderError("failed", messageOf(error), { cause: error });
  throw error;
}
