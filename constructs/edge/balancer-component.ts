/** The class that load balancers of one's own share: their outputs, and the verb to reach them. */
import type { Ref } from "../../framework/model/index.js";
import { Component, type Use } from "../base/component.js";

/** A load balancer of one's own. */
export abstract class BalancerComponent extends Component {
  /** Where it is reached, at its first listener. */
  get url(): Ref {
    return this.output("url");
  }
  /** Its own DNS name. */
  get dnsName(): Ref {
    return this.output("dnsName");
  }
  /** Its ARN. */
  get arn(): Ref {
    return this.output("arn");
  }
  /** Zone of its DNS name, for alias records. */
  get zoneId(): Ref {
    return this.output("zoneId");
  }
  /** Its security group. */
  get securityGroupId(): Ref {
    return this.output("securityGroupId");
  }
  /** A `uses` entry: lets the user connect to its first listener. */
  connect(): Use {
    return this.use("connect");
  }
}
