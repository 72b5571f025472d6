/**
 * RDS: a relational database: PostgreSQL, MySQL, MariaDB or Aurora, in private subnets, encrypted, reachable only by components that refer to it.
 *
 * Costs: the instance (db.t4g.micro about $12, db.t4g.small about $23 a month; twice that with multiAZ) and storage ($0.115 per GB and month).
 * In production it is protected: AWS deletion protection, and a delete or replacement needs its name typed.
 *
 *     new RDS(users, "database", {
 *       engine: { type: "postgres", version: "16" },
 *       instance: { class: "db.t4g.small", storage: { allocatedGB: 20 } },
 *       database: { name: "users", username: "app" },
 *     });
 */
import type { z } from "zod";
import { bool, decimal, group, int, listOf, mapOf, oneOf, plainText, text } from "../../framework/model/fields.js";
import type { ExpandContext, Expansion, Metric, Ref, Value } from "../../framework/model/index.js";
import { commonFields, type PropsOf } from "../base/common.js";
import { Component, type Use } from "../base/component.js";
import { defineKind } from "../base/kind.js";
import type { Service } from "../base/service.js";
import { rotatePassword } from "../security/rotation.js";
import { secretSource } from "../compute/secret-ref.js";
import { privatePlace } from "../network/private-place.js";
import { NAME, WINDOW } from "./common.js";
import { auroraCluster, auroraMetrics, checkAurora, isAurora } from "./rds-aurora.js";
import { globalField, isGlobal } from "./rds-global.js";
import { replicaScaling } from "./rds-scaling.js";
import { checkInstance, hasInstance, instanceMetrics, type InstancePlace, mainInstance, readReplicas } from "./rds-instance.js";

const schema = group(
  {
    engine: group(
      {
        type: oneOf(["postgres", "mysql", "mariadb", "aurora-postgresql", "aurora-mysql"], "Engine; the Aurora engines make a cluster."),
        version: plainText("Engine version: `16`, `16.4`, `8.0`."),
        parameterGroup: plainText("Name of an existing parameter group.").optional(),
        parameters: mapOf(plainText("Its value."), "Database parameters by name; makes a parameter group.").optional(),
      },
      "What database it is.",
    ),
    instance: group(
      {
        class: plainText("Instance class, such as db.t4g.small; required unless there is `serverless`.", {
          pattern: /^db\./,
          expected: "a class such as db.t4g.small",
        }).optional(),
        storage: group(
          {
            type: oneOf(["gp2", "gp3", "io1", "io2"], "Storage type.", { default: "gp3" }).optional(),
            allocatedGB: int("Size in GiB.", 20, 65536),
            maxAllocatedGB: int("Grows by itself up to this size in GiB.", 20, 65536).optional(),
            iops: int("Provisioned operations per second.", 1000, 256000).optional(),
          },
          "Its disk; required unless the engine is Aurora, whose storage grows by itself.",
        ).optional(),
        multiAZ: bool("A standby in a second zone; Aurora: one reader at least.", { default: false }).optional(),
        availabilityZones: listOf(
          plainText("A zone."),
          "Zone of the instance: one name; Aurora: zones of its instances in turn.",
        ).optional(),
        iops: int("Same as storage.iops.", 1000, 256000).optional(),
        readReplicas: int("Number of read replicas.", 0, 15, { default: 0 }).optional(),
        replicaScaling: replicaScaling.optional(),
      },
      "What it runs on; required unless there is `serverless`.",
    ).optional(),
    serverless: group(
      {
        minACU: decimal("Least capacity, in steps of 0.5; 0 lets it pause.", 0, 256),
        maxACU: decimal("Most capacity, in steps of 0.5.", 1, 256),
      },
      "Aurora: capacity of each instance, which scales by itself; a unit is about 2 GiB of memory.",
    ).optional(),
    global: globalField,
    database: group(
      {
        name: plainText("Name of the first database.", NAME),
        username: plainText("Name of the master user.", NAME),
        passwordSecret: group(
          {
            ref: text("A secretRef whose value is the password; without one RDS makes, keeps and rotates it."),
            envVar: plainText("Variable that gets the password instead of `<NAME>_PASSWORD`.").optional(),
          },
          "A password of your own.",
        ).optional(),
        port: int("Port.", 1150, 65535).optional(),
      },
      "The first database and its user.",
    ),
    backup: group(
      {
        enabled: bool("Daily backups.", { default: true }).optional(),
        retentionDays: int("Days to keep them.", 1, 35, { default: 7 }).optional(),
        preferredWindow: plainText("UTC, such as 03:00-04:00.", { pattern: WINDOW, expected: "hh:mm-hh:mm" }).optional(),
        maintenanceWindow: plainText("UTC, such as sun:04:30-sun:05:30.", { pattern: WINDOW, expected: "ddd:hh:mm-ddd:hh:mm" }).optional(),
      },
      "Backups.",
    ).optional(),
    maintenance: group(
      {
        preferredWindow: plainText("UTC, such as sun:04:30-sun:05:30.", { pattern: WINDOW, expected: "ddd:hh:mm-ddd:hh:mm" }).optional(),
        autoMinorVersionUpgrade: bool("Take minor versions in the window.", { default: true }).optional(),
      },
      "Maintenance.",
    ).optional(),
    monitoring: group(
      {
        enhancedMonitoring: bool("Operating-system metrics.", { default: false }).optional(),
        monitoringInterval: int("Seconds between them: 1, 5, 10, 15, 30 or 60.", 1, 60, { default: 60 }).optional(),
        performanceInsights: bool("Performance Insights, 7 days.", { default: false }).optional(),
      },
      "Monitoring.",
    ).optional(),
    deletionProtection: bool("AWS deletion protection; default true in production.").optional(),
    finalSnapshot: bool("Take a snapshot before deletion; default true in production.").optional(),
    ...commonFields,
  },
  "A relational database.",
);

/** Props of {@link RDS}. */
export type RDSProps = PropsOf<typeof schema>;

/** Props as expand gets them: references are values by then. */
export type RdsSpec = Omit<z.output<typeof schema>, "database"> & {
  database: Omit<z.output<typeof schema>["database"], "passwordSecret"> & { passwordSecret?: { ref: Value; envVar?: string } };
};

/** A relational database. */
export class RDS extends Component {
  constructor(service: Service, name: string, props: RDSProps) {
    super("RDS", service, name, props);
  }
  /** Host and port, `host:port`. */
  get endpoint(): Ref {
    return this.output("endpoint");
  }
  /** Host and port of the first read replica; of all readers of an Aurora database. */
  get readerEndpoint(): Ref {
    return this.output("readerEndpoint");
  }
  /** Host name. */
  get host(): Ref {
    return this.output("host");
  }
  /** Port. */
  get port(): Ref {
    return this.output("port");
  }
  /** Name of the first database. */
  get databaseName(): Ref {
    return this.output("databaseName");
  }
  /** Name of the master user. */
  get username(): Ref {
    return this.output("username");
  }
  /** ARN of the secret with the password. */
  get secretArn(): Ref {
    return this.output("secretArn");
  }
  /** Its security group. */
  get securityGroupId(): Ref {
    return this.output("securityGroupId");
  }
  /** A `uses` entry: an open port, and the variables `<NAME>_HOST`, `_PORT`, `_NAME`, `_USERNAME`, `_PASSWORD`. */
  connect(): Use {
    return this.use("connect");
  }
  /** A `uses` entry: lets the user's program read the password's secret itself. */
  read(): Use {
    return this.use("read");
  }
}

/** Ports by engine. */
const PORTS: { [engine: string]: number } = {
  postgres: 5432,
  mysql: 3306,
  mariadb: 3306,
  "aurora-postgresql": 5432,
  "aurora-mysql": 3306,
};

/** The kind RDS. */
export const rdsKind = defineKind({
  name: "RDS",
  group: "components",
  summary: "A relational database: PostgreSQL, MySQL, MariaDB or Aurora.",
  schema,
  infra: [],
  stateful: true,
  outputs: {
    endpoint: "Host and port, `host:port`.",
    readerEndpoint: "Host and port of the first read replica; of all readers of an Aurora database.",
    host: "Host name.",
    port: "Port.",
    databaseName: "Name of the first database.",
    username: "Name of the master user.",
    secretArn: "ARN of the secret with the password (and, where RDS manages it, the user name).",
    securityGroupId: "Its security group.",
  },
  hasOutput(name, props) {
    const { engine, instance } = props as Partial<RdsSpec>;
    if (name === "readerEndpoint") return isAurora(engine?.type ?? "") || (instance?.readReplicas ?? 0) > 0;
    return OUTPUTS.has(name);
  },
  links(props) {
    const ref = (props as Partial<RdsSpec>).database?.passwordSecret?.ref;
    return typeof ref === "string" ? [{ component: ref, path: "database.passwordSecret.ref", optional: true, orderOnly: true }] : [];
  },
  expand(props, ctx) {
    const spec = props as unknown as RdsSpec;
    if (isGlobal(spec) && !isAurora(spec.engine.type))
      ctx.error("global-needs-aurora", `${spec.engine.type} can't span regions`, "global", {
        expected: "an engine aurora-postgresql or aurora-mysql",
      });
    const place = { ...privatePlace(ctx, "Database"), port: spec.database.port ?? PORTS[spec.engine.type] ?? 5432 };
    const made = isAurora(spec.engine.type) ? aurora(spec, ctx, place) : instance(spec, ctx, place);
    return made ? expansion(spec, ctx, made, place) : { outputs: {} };
  },
});

/** What an engine's resources give: values of the outputs, which the two sorts name differently. */
interface Made {
  host: Value;
  port: Value;
  endpoint: Value;
  readerEndpoint?: Value;
  databaseName: Value;
  username: Value;
  managedSecret: Value;
  metrics: Metric[];
}

function instance(spec: RdsSpec, ctx: ExpandContext, place: InstancePlace): Made | undefined {
  if (!hasInstance(spec)) {
    ctx.error("instance-missing", `${spec.engine.type} needs instance.class and instance.storage`, "instance", {
      expected: "{class: db.t4g.small, storage: {allocatedGB: 20}}",
    });
    return undefined;
  }
  checkInstance(spec, ctx);
  const main = mainInstance(spec, ctx, place);
  const reader = readReplicas(spec, ctx, main, place)[0];
  return {
    host: main.out("address"),
    port: main.out("port"),
    endpoint: main.out("endpoint"),
    ...(reader ? { readerEndpoint: reader.out("endpoint") } : {}),
    databaseName: main.out("dbName"),
    username: main.out("username"),
    managedSecret: main.out("masterUserSecrets[0].secretArn"),
    metrics: instanceMetrics(main),
  };
}

function aurora(spec: RdsSpec, ctx: ExpandContext, place: InstancePlace): Made {
  checkAurora(spec, ctx);
  const { main, global } = auroraCluster(spec, ctx, place);
  const at = (output: string): Value => ({ $text: [main.out(output), `:${place.port}`] });
  // A copy has no writer's endpoint, and says no database and user of its own.
  const copy = global?.part === "reader";
  const written = copy ? "readerEndpoint" : "endpoint";
  return {
    host: main.out(written),
    port: main.out("port"),
    endpoint: at(written),
    readerEndpoint: at("readerEndpoint"),
    databaseName: copy ? spec.database.name : main.out("databaseName"),
    username: copy ? spec.database.username : main.out("masterUsername"),
    managedSecret: main.out("masterUserSecrets[0].secretArn"),
    metrics: auroraMetrics(main),
  };
}

const OUTPUTS = new Set(["endpoint", "host", "port", "databaseName", "username", "secretArn", "securityGroupId"]);

function expansion(props: RdsSpec, ctx: ExpandContext, made: Made, place: InstancePlace): Expansion {
  const { securityGroupId, port } = place;
  const { managedSecret, metrics, ...outputs } = made;
  const own = props.database.passwordSecret;
  const secretArn = own ? secretSource(ctx, own.ref).arn : managedSecret;
  rotatePassword(ctx, own ? undefined : { secretArn });
  return {
    outputs: { ...outputs, secretArn, securityGroupId },
    bindings: {
      grants: { connect: [], read: [{ actions: ["secretsmanager:GetSecretValue"], resources: [secretArn] }] },
      defaultAccess: "connect",
      connect: { securityGroupId, port, protocol: "tcp" },
      metrics,
      inject: {
        _HOST: { value: made.host },
        _PORT: { value: made.port },
        _NAME: { value: made.databaseName },
        _USERNAME: own ? { value: made.username } : { secretArn, jsonKey: "username" },
        [own?.envVar ? `=${own.envVar}` : "_PASSWORD"]: own ? { secretArn } : { secretArn, jsonKey: "password" },
      },
    },
  };
}
