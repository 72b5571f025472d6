import { readdirSync, readFileSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { monthly, priceKey } from "../../../framework/cost/prices.js";

const PAGES = new URL("../../../docs/reference/kinds/", import.meta.url);

/** Each page of a kind, in one line. */
const pages = readdirSync(PAGES).map((name) => ({ name, text: readFileSync(new URL(name, PAGES), "utf8").replace(/\s+/g, " ") }));

test("what a page says a machine costs a month is what the table says", () => {
  let seen = 0;
  for (const { name, text } of pages) {
    for (const [, machine, dollars] of text.matchAll(/((?:db|cache|kafka)\.\w+\.\w+),? (?:is |costs )?about \$(\d+)/g)) {
      const keys = ["", "documentdb ", "aurora ", "memorydb "].flatMap((prefix) => priceKey(`${prefix}${machine}`) ?? []);
      const known = keys.map((key) => Math.round(monthly(key)));
      assert.ok(known.includes(Number(dollars)), `${name}: ${machine} costs ${known.join(" or ")}, not ${dollars}`);
      seen++;
    }
  }
  assert.ok(seen >= 6, String(seen));
});

test("what a page says a load balancer or a NAT gateway costs a month is what the table says", () => {
  const rounded = { balancer: Math.round(monthly("applicationLoadBalancer")), gateway: Math.round(monthly("natGateway")) };
  for (const { name, text } of pages) {
    if (name === "alb.md" || name === "nlb.md") assert.match(text, `About $${rounded.balancer} a month`, name);
    for (const [, dollars] of text.matchAll(/load balancer (?:about )?\$(\d+)/g)) assert.is(Number(dollars), rounded.balancer, name);
    for (const [, dollars] of text.matchAll(/NAT gateway (?:costs )?(?:about )?\$(\d+)/g))
      assert.is(Number(dollars), rounded.gateway, name);
  }
});

test.run();
