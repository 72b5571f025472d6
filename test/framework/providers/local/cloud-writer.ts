/** A process of its own for tests: creates topics in a local cloud and prints the name of each one as soon as the call returned. Args: file, prefix, count. */
import { loadSchemaIndex } from "../../../../framework/providers/aws/schema-index.js";
import { createLocalProvider } from "../../../../framework/providers/local/provider.js";

const [file = "", prefix = "", count = "0"] = process.argv.slice(2);
const provider = createLocalProvider({
  file,
  schemas: loadSchemaIndex("framework/providers/aws/data"),
  region: "us-east-1",
  clock: { now: Date.now, monotonic: () => performance.now(), sleep: (ms) => new Promise((r) => setTimeout(r, ms)) },
});
const type = "aws:sns/topic:Topic";
let next = 0;
await Promise.all(
  Array.from({ length: 8 }, async () => {
    while (next < Number(count)) {
      const name = `${prefix}-${next++}`;
      await provider.create({ urn: `urn:pulumi:dev::s::${type}::a/${name}`, type, inputs: { name } });
      process.stdout.write(`${name}\n`);
    }
  }),
);
await provider.close();
