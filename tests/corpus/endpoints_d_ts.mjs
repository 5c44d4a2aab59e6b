// What fal's own TypeScript types say of each endpoint's input, as JSON, read with the TypeScript compiler.
// usage: node endpoints_d_ts.mjs FOLDER   (FOLDER/node_modules holds @fal-ai/client and typescript)
import { createRequire } from "node:module";
import { join, resolve } from "node:path";

const folder = resolve(process.argv[2]);
const ts = createRequire(join(folder, "package.json"))("typescript");
const file = join(folder, "node_modules/@fal-ai/client/src/types/endpoints.d.ts");
const program = ts.createProgram([file], { strict: true, skipLibCheck: true, target: ts.ScriptTarget.ES2022 });
const checker = program.getTypeChecker();
const source = program.getSourceFile(file);

/** The literal members of a type and of its items; none where any other string (or number) is allowed beside them. */
function members(type, found = { literals: new Set(), open: new Set() }) {
  for (const one of type.isUnion() ? type.types : [type]) {
    if (one.isStringLiteral() || one.isNumberLiteral()) found.literals.add(one.value);
    else if (one.flags & ts.TypeFlags.String) found.open.add("string");
    else if (one.flags & ts.TypeFlags.Number) found.open.add("number");
    else if (checker.isArrayType(one)) members(checker.getTypeArguments(one)[0], found);
  }
  return found;
}

function field(property) {
  const { literals, open } = members(checker.getTypeOfSymbolAtLocation(property, source));
  const closed = [...literals].filter((literal) => !open.has(typeof literal));
  return { required: !(property.flags & ts.SymbolFlags.Optional), members: closed.sort() };
}

const exported = checker.getExportsOfModule(checker.getSymbolAtLocation(source));
const map = checker.getDeclaredTypeOfSymbol(exported.find((symbol) => symbol.name === "EndpointTypeMap"));
const endpoints = {};
for (const endpoint of map.getProperties()) {
  const inputs = checker.getTypeOfSymbolAtLocation(endpoint, source).getProperty("input");
  const input = checker.getTypeOfSymbolAtLocation(inputs, source);
  endpoints[endpoint.name] = Object.fromEntries(input.getProperties().map((one) => [one.name, field(one)]));
}
process.stdout.write(JSON.stringify(endpoints));
