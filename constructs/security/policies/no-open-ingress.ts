/** Policy no-open-ingress. */
import { eachOf, type Policy } from "./policy.js";

const EVERYWHERE = ["0.0.0.0/0", "::/0"];
/** Ports of web traffic: what faces the internet listens there. */
const WEB = [80, 443];

/** Only HTTP and HTTPS may be reached from everywhere. */
export const noOpenIngress: Policy = {
  id: "no-open-ingress",
  asks: "nothing but HTTP (80) and HTTPS (443) can be reached from everywhere",
  findings: (stack) =>
    eachOf(stack, {
      "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": (props) => {
        const open = [props.cidrIpv4, props.cidrIpv6].find((cidr) => typeof cidr === "string" && EVERYWHERE.includes(cidr));
        const web = props.fromPort === props.toPort && WEB.includes(Number(props.fromPort));
        if (open === undefined || web) return undefined;
        const ports =
          props.fromPort === undefined
            ? "all ports"
            : props.fromPort === props.toPort
              ? `port ${props.fromPort}`
              : `ports ${props.fromPort} to ${props.toPort}`;
        return { path: "", message: `${ports} can be reached from ${open}`, expected: "cidrBlocks of networks that you know" };
      },
    }),
};
