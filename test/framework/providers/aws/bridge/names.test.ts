import { test } from "uvu";
import * as assert from "uvu/assert";
import { camel, memberNames, plural } from "../../../../../framework/providers/aws/bridge/names.js";

test("snake_case becomes camelCase; digits and a trailing underscore stay", () => {
  assert.is(camel("ipv6_cidr_blocks"), "ipv6CidrBlocks");
  assert.is(camel("sha_256"), "sha256");
  assert.is(camel("_private_name"), "_privateName");
  assert.is(camel("type_"), "type_");
});

test("plurals follow the bridge's rules, tail by tail", () => {
  const expected: Record<string, string> = {
    subnet: "subnets",
    policy: "policies",
    gateway: "gateways",
    address: "addresses",
    status: "statuses",
    alias: "aliases",
    index: "indices",
    prefix: "prefixes",
    tags: "tags",
    criteria: "criterias",
    metadata: "metadatas",
    medium: "media",
    child: "children",
    media: "media",
    information: "information",
    origin_child: "origin_children",
    half: "halves",
  };
  for (const [one, many] of Object.entries(expected)) assert.is(plural(one), many, one);
});

test("a plural that is another member's name is not taken", () => {
  const names = memberNames(
    new Map([
      ["rule", true],
      ["rules", true],
      ["name", false],
    ]),
    () => undefined,
  );
  assert.equal(
    [...names],
    [
      ["rule", "rule"],
      ["rules", "rules"],
      ["name", "name"],
    ],
  );
});

test("an override wins, and frees the name it had", () => {
  const names = memberNames(
    new Map([
      ["rule", true],
      ["rules", true],
    ]),
    (wire) => (wire === "rules" ? "allRules" : undefined),
  );
  assert.is(names.get("rule"), "rules");
  assert.is(names.get("rules"), "allRules");
});

test.run();
