/** In what state alarms are (Amazon CloudWatch API reference, DescribeAlarms): the plugin has no data source for it. */
import { type AlarmState, type Props, ProviderError } from "../../model/index.js";
import type { Ask } from "./signed-get.js";

/** Most names in one question. */
const AT_ONCE = 100;
/** Version of the API, a part of each question. */
const VERSION = "2010-08-01";

const STATES: { readonly [value: string]: AlarmState } = { OK: "quiet", ALARM: "raised", INSUFFICIENT_DATA: "unknown" };

/** The states of the alarms of `names`, those of metrics and composite ones. Throws ProviderError `failed` where the service does not answer. */
export async function alarmStates({ names }: Props, ask: Ask): Promise<Props> {
  const wanted = Array.isArray(names) ? names.map(String) : [];
  const states: { [name: string]: AlarmState } = {};
  for (let from = 0; from < wanted.length; from += AT_ONCE) {
    const query: { [name: string]: string } = {
      Action: "DescribeAlarms",
      Version: VERSION,
      MaxRecords: String(AT_ONCE),
      "AlarmTypes.member.1": "MetricAlarm",
      "AlarmTypes.member.2": "CompositeAlarm",
    };
    for (const [i, name] of wanted.slice(from, from + AT_ONCE).entries()) query[`AlarmNames.member.${i + 1}`] = name;
    const answer = (await ask({ service: "monitoring", path: "/", query })) ?? "";
    const found = texts(answer, "AlarmName");
    const values = texts(answer, "StateValue");
    if (found.length !== values.length) throw new ProviderError("failed", "CloudWatch's answer about alarms can't be read");
    for (const [i, name] of found.entries()) states[name] = STATES[values[i] as string] ?? "unknown";
  }
  return { states };
}

const ENTITIES: { readonly [name: string]: string } = { lt: "<", gt: ">", quot: '"', apos: "'", amp: "&" };

function texts(xml: string, element: string): string[] {
  const found = xml.matchAll(new RegExp(`<${element}>([^<]*)</${element}>`, "g"));
  return [...found].map(([, text = ""]) => text.replace(/&(#?\w+);/g, (whole, name: string) => ENTITIES[name] ?? numbered(name) ?? whole));
}

/** `#39` and `#x27`. */
function numbered(name: string): string | undefined {
  const [, hex, decimal] = /^#(?:x([0-9a-f]+)|(\d+))$/i.exec(name) ?? [];
  const code = hex ? Number.parseInt(hex, 16) : decimal ? Number(decimal) : undefined;
  return code === undefined ? undefined : String.fromCodePoint(code);
}
