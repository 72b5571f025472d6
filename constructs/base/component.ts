/** Component: what every component class is. Its constructor records the props and does nothing else. */
import { type Access, Ref } from "../../framework/model/index.js";
import { callSite } from "./call-site.js";
import type { Service } from "./service.js";

/** An entry of `uses`: made by verbs such as `queue.send()`. */
export interface Use {
  /** `service/component`. */
  component: string;
  access: Access;
}

/** A deployable unit. */
export abstract class Component {
  /** `service/component`. */
  readonly address: string;

  /** Records the component in its stack. */
  constructor(
    kind: string,
    readonly service: Service,
    readonly name: string,
    props: object,
  ) {
    this.address = `${service.name}/${name}`;
    service.stack.record({ group: "components", kind, service: service.name, name, props, site: callSite(new.target) });
  }

  /** A reference to one of the kind's outputs. */
  protected output(name: string): Ref {
    return new Ref(this.address, name);
  }

  /** An entry of `uses`. */
  protected use(access: Access): Use {
    return { component: this.address, access };
  }
}
