// Verifies webhooks with the published library: JSON lines {secret, headers, body} in, "ok" or the reason out.
import { createInterface } from "node:readline";
import { createRequire } from "node:module";

// The packages are installed in the build folder, which is handed over.
const require = createRequire(process.argv[2] + "/");
const { Webhook } = require("standardwebhooks");

for await (const line of createInterface({ input: process.stdin })) {
  const { secret, headers, body } = JSON.parse(line);
  let verdict = "ok";
  try {
    new Webhook(secret).verify(body, headers);
  } catch (error) {
    verdict = error.message;
  }
  console.log(verdict);
}
