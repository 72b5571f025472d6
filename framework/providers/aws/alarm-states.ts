/** In what state alarms are (Amazon CloudWatch API reference, DescribeAlarms): the plugin has no data source for it. */
import type { AlarmState, Props } from "../../model/index.js";
import type { Ask } from "./signed-get.js";

/** Most names in one question. */
const AT_ONCE = 100;
const TARGET = "GraniteServiceVersion20100801.DescribeAlarms";

const STATES: { readonly [value: string]: AlarmState } = { OK: "quiet", ALARM: "raised", INSUFFICIENT_DATA: "unknown" };

/** The states of the alarms of `names`, those of metrics and composite ones. Throws ProviderError `failed` where the service does not answer. */
export async function alarmStates({ names }: Props, ask: Ask): Promise<Props> {
  const wanted = Array.isArray(names) ? names.map(String) : [];
  const states: { [name: string]: AlarmState } = {};
  for (let from = 0; from < wanted.length; from += AT_ONCE) {
    const body = { AlarmNames: wanted.slice(from, from + AT_ONCE), AlarmTypes: ["MetricAlarm", "CompositeAlarm"], MaxRecords: AT_ONCE };
    const answer = await ask({ service: "monitoring", path: "/", query: {}, json: { version: "1.0", target: TARGET, body } });
    const found = JSON.parse(answer ?? "{}") as { [list in "MetricAlarms" | "CompositeAlarms"]?: { AlarmName: string; StateValue: string }[] };
    for (const { AlarmName, StateValue } of [...(found.MetricAlarms ?? []), ...(found.CompositeAlarms ?? [])])
      states[AlarmName] = STATES[StateValue] ?? "unknown";
  }
  return { states };
}
