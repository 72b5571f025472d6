// A website whose files are in a bucket that everybody may read, and an API in one function, with a table.
// Upload the files with: aws s3 sync site s3://BUCKET (panka outputs names the bucket and the URLs).
import { APIGateway, DynamoDB, Lambda, S3, Service, Stack } from "panka";

const stack = new Stack("{{name}}", { provider: { name: "aws", region: "{{region}}" } });
const web = new Service(stack, "web");

new S3(web, "site", {
  website: { indexDocument: "index.html", errorDocument: "index.html" },
  publicAccessBlock: { blockPublicPolicy: false, restrictPublicBuckets: false },
});
const todos = new DynamoDB(web, "todos", { billingMode: "PAY_PER_REQUEST", hashKey: { name: "id", type: "S" } });

new Lambda(web, "api", {
  runtime: "nodejs22.x",
  handler: "index.handler",
  code: {
    zipFile:
      'exports.handler = async () => ({ statusCode: 200, headers: { "content-type": "application/json" }, body: JSON.stringify({ table: process.env.TODOS_TABLE }) });',
  },
  uses: [todos.readWrite()],
});
new APIGateway(web, "public", {
  type: "http",
  routes: [
    { path: "/todos", component: "api" },
    { path: "/todos/{id}", component: "api" },
  ],
  cors: { allowedOrigins: ["*"], allowedMethods: ["GET", "PUT", "DELETE"] },
});

export default stack;
