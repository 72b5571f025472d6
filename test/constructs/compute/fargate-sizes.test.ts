import { test } from "uvu";
import * as assert from "uvu/assert";
import { FARGATE_MEMORY, parseCpu, parseMemory, roundToFargate, sizeInWords } from "../../../constructs/compute/fargate-sizes.js";

test("CPU is read as units, millicores and vCPU", () => {
  for (const [text, units] of [
    [256, 256],
    ["512", 512],
    ["0.25 vCPU", 256],
    ["2vcpu", 2048],
    ["1000m", 1024],
  ] as const)
    assert.is(parseCpu(text), units, String(text));
});

test("millicores within 5 percent of a step take that step", () => {
  assert.is(parseCpu("256m"), 256);
  assert.is(parseCpu("250m"), 256);
  assert.is(parseCpu("512m"), 512);
  assert.is(parseCpu("300m"), 307.2);
});

test("memory is read as MiB, Mi, MB, Gi and GB", () => {
  for (const [text, mib] of [
    [512, 512],
    ["512", 512],
    ["512Mi", 512],
    ["1Gi", 1024],
    ["0.5 GB", 512],
    ["1.5gib", 1536],
  ] as const)
    assert.is(parseMemory(text), mib, String(text));
});

test("what is no amount is refused", () => {
  for (const text of ["", "lots", "-1", "0", "1 KiB", "1e3", Number.NaN]) {
    assert.is(parseCpu(text), undefined, String(text));
    assert.is(parseMemory(text), undefined, String(text));
  }
});

test("a pair that Fargate sells stays as it is", () => {
  for (const [cpu, memories] of FARGATE_MEMORY)
    for (const memory of memories) assert.equal(roundToFargate({ cpu, memory }), { cpu, memory });
});

test("a pair that Fargate does not sell goes up, never down, to the cheapest step", () => {
  assert.equal(roundToFargate({ cpu: 100, memory: 100 }), { cpu: 256, memory: 512 });
  assert.equal(roundToFargate({ cpu: 256, memory: 700 }), { cpu: 256, memory: 1024 });
  assert.equal(roundToFargate({ cpu: 256, memory: 4096 }), { cpu: 512, memory: 4096 });
  assert.equal(roundToFargate({ cpu: 8192, memory: 17000 }), { cpu: 8192, memory: 20480 });
});

test("more than Fargate's largest is no size", () => {
  assert.is(roundToFargate({ cpu: 20000, memory: 512 }), undefined);
  assert.is(roundToFargate({ cpu: 256, memory: 130 * 1024 }), undefined);
});

test("a size is said in vCPU and MiB", () => {
  assert.is(sizeInWords({ cpu: 256, memory: 512 }), "0.25 vCPU and 512 MiB");
});

test.run();
