/**
 * Dashboard: the metrics of components on one page of CloudWatch. Three are free, then $3 a month each (us-east-1, 2026-11).
 *
 *   new Dashboard(service, "overview", { components: ["api", "jobs"] });
 */
import { z } from "zod";
import { anything, listOf, plainText } from "../../framework/model/fields.js";
import type { ExpandContext, Ref, Value } from "../../framework/model/index.js";
import { commonFields, type PropsOf } from "../base/common.js";
import { Component } from "../base/component.js";
import { defineKind, type Expanded, NO_BINDINGS } from "../base/kind.js";
import { resource } from "../base/resource.js";
import type { Service } from "../base/service.js";
import { metricRow } from "./widgets.js";

const schema = () =>
  z.strictObject({
    components: listOf(
      plainText("A component: `component` or `service/component`."),
      "Components whose metrics are shown, one row each.",
    ).optional(),
    body: anything("The whole dashboard as CloudWatch takes it, instead of components.").optional(),
    ...commonFields,
  });

/** Props of {@link Dashboard}. */
export interface DashboardProps extends PropsOf<ReturnType<typeof schema>> {}

/** A dashboard. */
export class Dashboard extends Component {
  constructor(service: Service, name: string, props: DashboardProps) {
    super("Dashboard", service, name, props);
  }
  /** Where it is seen. */
  get url(): Ref {
    return this.output("url");
  }
}

type Props = Expanded<z.output<ReturnType<typeof schema>>>;

/** Kind `Dashboard`. */
export const dashboardKind = defineKind({
  name: "Dashboard",
  group: "components",
  summary: "The metrics of components on one page of CloudWatch.",
  schema,
  infra: [],
  outputs: { url: "Where it is seen." },
  stateful: false,
  links: (props) => (props.components ?? []).map((component, i) => ({ component, path: `components[${i}]`, orderOnly: true })),
  expand(props, ctx) {
    if ((props.body === undefined) === (props.components === undefined))
      ctx.error("dashboard-empty", "a dashboard shows components or has a body of its own", "components", {
        expected: "components, or body",
      });
    if (props.tags) ctx.error("no-tags", "CloudWatch keeps no tags of dashboards", "tags", { next: "remove them" });
    const body = props.body ?? { widgets: widgets(props, ctx) };
    const dashboard = resource(ctx, undefined, "aws:cloudwatch/dashboard:Dashboard", {
      dashboardName: undefined,
      dashboardBody: { $json: body as Value },
    });
    const host = ctx.region.startsWith("cn-") ? "console.amazonaws.cn" : "console.aws.amazon.com";
    const region = ctx.regionValue;
    return {
      outputs: {
        url: { $text: [`https://${host}/cloudwatch/home?region=`, region, "#dashboards/dashboard/", dashboard.out("dashboardName")] },
      },
      bindings: NO_BINDINGS,
    };
  },
});

/** A row of graphs per component, one per metric that its kind offers. */
function widgets(props: Props, ctx: ExpandContext): Value[] {
  return (props.components ?? []).flatMap((name, row) => {
    const target = ctx.target(name);
    const metrics = target?.bindings?.metrics ?? [];
    if (target && metrics.length === 0)
      ctx.error("no-metrics", `the component "${name}" offers no metrics to show`, `components[${row}]`, { next: "remove it" });
    return metricRow(ctx, `${target?.address}`, metrics, row);
  });
}
