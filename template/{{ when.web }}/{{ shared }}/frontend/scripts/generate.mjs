// Spec: .specify/memory/constitution.md
/**
 * Makes src/generated/ from what stands elsewhere: for every contract in specs/ the types of its client and the rules of its
 * forms and lists; the list of pages for the navigation; and what refers to what, for the pages of records. `npm run dev` and `npm run build` call it.
 */
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import openapiTS, { astToString } from "openapi-typescript";
import { parse } from "yaml";

const SPECS = new URL("../../specs/", import.meta.url);
const PAGES = new URL("../src/app/(app)/", import.meta.url);
const COMPONENTS = new URL("../src/components/", import.meta.url);
const TARGET = new URL("../src/generated/", import.meta.url);
// Parameters of every list that are no filters.
const PAGING = ["limit", "cursor", "total", "sort"];

/**
 * What a form has to know of a field: its schema without references, and whether it may be null.
 *
 * @param {any} schema a property of a request's schema
 * @param {Record<string, any>} schemas the contract's named schemas
 * @returns {any}
 */
function rule(schema, schemas) {
  const { anyOf = [], $ref = "", ...own } = schema;
  const inner = anyOf.find((/** @type {any} */ option) => option.type !== "null");
  const named = schemas[$ref.split("/").at(-1)];
  const merged = { ...named, ...(inner && rule(inner, schemas)), ...own };
  delete merged.description;
  return { ...merged, nullable: anyOf.length > 0 };
}

/**
 * The rules of a contract's forms (by the name of their schema), and what its list sorts and filters by.
 *
 * @param {any} contract an OpenAPI document
 */
function rules(contract) {
  const schemas = contract.components.schemas;
  const forms = Object.entries(schemas)
    .filter(([name]) => name.endsWith("Write"))
    .map(([name, { properties }]) => [
      name,
      Object.fromEntries(
        Object.entries(properties).map(([field, schema]) => [field, rule(schema, schemas)]),
      ),
    ]);
  const lists = Object.values(contract.paths).map((path) => path.get?.parameters ?? []);
  const parameters = lists.find((list) =>
    list.some((/** @type {any} */ { name }) => name === "cursor"),
  );
  const names = parameters.map((/** @type {any} */ { name }) => name);
  return {
    ...Object.fromEntries(forms),
    sorts: parameters.find((/** @type {any} */ { name }) => name === "sort").schema.enum,
    filters: names.filter((/** @type {string} */ name) => !PAGING.includes(name)),
  };
}

/** The pages of the features: every folder of src/app/(app)/ that has a page of its own. */
async function pages() {
  const folders = await readdir(PAGES, { recursive: true });
  return folders
    .map((path) => path.replaceAll("\\", "/").match(/^([a-z0-9-]+)\/page\.tsx$/)?.[1])
    .filter((name) => name !== undefined)
    .sort()
    .map((name) => ({
      href: `/${name}`,
      label: name[0]?.toUpperCase() + name.slice(1).replaceAll("-", " "),
    }));
}

/** A module that says, by the page of each feature, what refers to its records; what does is loaded when it is shown. */
async function relations() {
  const folders = await readdir(COMPONENTS, { recursive: true });
  const modules = folders
    .map((path) => path.replaceAll("\\", "/").match(/^([^/]+)\/relations\.json$/)?.[1])
    .filter((name) => name !== undefined)
    .sort();
  /** @type {Map<string, string[]>} */
  const found = new Map();
  for (const name of modules) {
    const text = await readFile(new URL(`${name}/relations.json`, COMPONENTS), "utf8");
    for (const { to, ...relation } of JSON.parse(text)) {
      const load = `async () => (await import("@/components/${name}/feature")).feature`;
      const entry = `{ ...${JSON.stringify(relation)}, load: ${load} }`;
      found.set(to, [...(found.get(to) ?? []), entry]);
    }
  }
  const entries = [...found].map(([to, all]) => `  ${JSON.stringify(to)}: [${all.join(", ")}],`);
  return [
    'import type { Relation } from "@/services/feature";',
    "export const relations: Record<string, Relation[]> = {",
    ...entries,
    "};\n",
  ].join("\n");
}

await rm(TARGET, { recursive: true, force: true });
await mkdir(TARGET, { recursive: true });
const contracts = (await readdir(SPECS, { recursive: true }))
  .map((path) => path.replaceAll("\\", "/").match(/^([^/]+)\/contracts\/openapi(-[^/]+)?\.yaml$/))
  .filter((match) => match !== null)
  .sort();
for (const [path, feature, suffix = ""] of contracts) {
  const contract = parse(await readFile(new URL(path, SPECS), "utf8"), { merge: true });
  const name = `${feature}${suffix}`;
  const types = astToString(await openapiTS(structuredClone(contract)));
  await writeFile(new URL(`${name}.d.ts`, TARGET), types);
  await writeFile(new URL(`${name}.json`, TARGET), JSON.stringify(rules(contract), undefined, 2));
}
await writeFile(new URL("pages.json", TARGET), JSON.stringify(await pages(), undefined, 2));
await writeFile(new URL("relations.ts", TARGET), await relations());
