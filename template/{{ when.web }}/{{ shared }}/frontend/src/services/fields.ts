// Spec: .specify/memory/constitution.md
import type { Choice } from "@/services/choices";

/** Form controls: what a type of the contract is edited with. */
export type Control =
  | "checkbox"
  | "date"
  | "datetime"
  | "decimal"
  | "duration"
  | "email"
  | "integer"
  | "json"
  | "number"
  | "reference"
  | "references"
  | "select"
  | "text"
  | "textarea"
  | "time"
  | "url"
  | "uuid";

/** What the contract says of a field, as `npm run generate` writes it down. */
export interface Rule {
  nullable: boolean;
  default?: unknown;
  enum?: string[];
  minLength?: number;
  maxLength?: number;
  maxItems?: number;
  minimum?: number;
  maximum?: number;
  pattern?: string;
}

/** A field as a feature describes it. */
export interface Label<Name extends string = string> {
  name: Name;
  label: string;
  control: Control;
  /** Whether people know one by it. */
  known?: boolean;
  /** How people know the values of an enum, where the values' own words do not say it. */
  labels?: Record<string, string>;
  /** What the field refers to: where the pages and the API have it, and the field that tells its text, or the texts of many. */
  refers?: { to: string; text: string };
  /** The filter of the list, where it is not called like the field: many are filtered by one of them. */
  filter?: string;
}

/** A field with its rule. */
export interface Field<Name extends string = string> extends Label<Name> {
  rule: Rule;
}

/**
 * What a form holds: the text of every control, by the name of its field, and the texts of what is referred to. Of many
 * these are the ids, with a space between, and a JSON array of the texts.
 */
export type Values = Record<string, string>;

const UNLISTED: Control[] = ["json", "textarea"];
const COLUMNS = 5;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const LOCAL_TIME = /^([1-8]\d{3})-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?$/;

/**
 * Put the contract's rules to a feature's fields.
 *
 * @throws Error when the contract does not know a field.
 */
export function fieldsOf<Write extends object>(
  rules: Record<string, Rule>,
  labels: Label<keyof Write & string>[],
): Field<keyof Write & string>[] {
  return labels.map((label) => {
    const rule = rules[label.name];
    if (!rule) throw new Error(`${label.name} is no field of the contract`);
    return { ...label, rule };
  });
}

/** The field by which people know one: the one that says so, else the first short one that is its own and always there. */
export function headOf(fields: Field[]): Field | undefined {
  const short = fields.filter(({ control }) => !UNLISTED.includes(control));
  const own = short.filter(({ refers }) => !refers);
  return (
    fields.find(({ known }) => known) ??
    own.find(({ rule }) => !rule.nullable) ??
    own[0] ??
    short[0]
  );
}

/** The fields that a list has room for: what people know one by, and the first few others that are short. */
export function columnsOf(fields: Field[]): Field[] {
  const head = headOf(fields);
  const others = fields.filter((field) => field !== head && !UNLISTED.includes(field.control));
  return [...(head ? [head] : []), ...others].slice(0, COLUMNS);
}

/** Whether a form may leave the field empty. */
export function isOptional({ control, rule }: Field): boolean {
  return rule.nullable || control === "references";
}

/** Write a value of an enum for people: in-review → In review. */
export function words(value: string): string {
  const text = value.replaceAll(/[-_]/g, " ");
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Write a value of an enum as people know it. */
export function labelOf({ labels = {} }: Pick<Field, "labels">, value: string): string {
  return Object.hasOwn(labels, value) ? (labels[value] ?? "") : words(value);
}

function localTime(value: string): string {
  const moment = new Date(value);
  const local = new Date(moment.getTime() - moment.getTimezoneOffset() * 60_000);
  return local.toISOString().slice(0, 19);
}

function idsOf(text = ""): string[] {
  return text.split(" ").filter(Boolean);
}

/** What a form refers to with a field that has many. */
export function chosenOf({ name, refers }: Field, values: Values): Choice[] {
  const texts = JSON.parse(values[refers?.text ?? ""] || "[]") as (string | null)[];
  return idsOf(values[name]).map((id, index) => ({ id, text: texts[index] ?? id }));
}

/** How a form holds what a field that has many refers to. */
export function valuesOfChosen({ name, refers }: Field, chosen: Choice[]): Values {
  return {
    [name]: chosen.map(({ id }) => id).join(" "),
    [refers?.text ?? ""]: JSON.stringify(chosen.map(({ text }) => text)),
  };
}

/** The text that a control shows for a value of the API. A point in time is shown in the zone of the browser. */
export function toText({ control }: Pick<Field, "control">, value: unknown): string {
  if (value === null || value === undefined) return "";
  if (control === "datetime") return localTime(String(value));
  if (control === "json") return JSON.stringify(value, undefined, 2);
  if (control === "references") return (value as string[]).join(" ");
  return String(value);
}

/** The text of every control before anything is typed. */
export function initialValues(fields: Field[]): Values {
  return Object.fromEntries(
    fields.map((field) => {
      const empty = field.control === "checkbox" && !isOptional(field) ? false : undefined;
      return [field.name, toText(field, field.rule.default ?? empty)];
    }),
  );
}

/** The text of every control for something that exists. */
export function valuesOf(fields: Field[], entity: object): Values {
  const entries = new Map(Object.entries(entity));
  const values = fields.map((field) => [field.name, toText(field, entries.get(field.name))]);
  const texts = fields.flatMap(({ control, refers }) => {
    if (!refers) return [];
    const text = entries.get(refers.text) ?? "";
    return [[refers.text, control === "references" ? JSON.stringify(text || []) : String(text)]];
  });
  return Object.fromEntries([...values, ...texts]);
}

/** Whether two forms hold the same; in which order many were chosen is no difference. */
export function isSame(fields: Field[], one: Values, other: Values): boolean {
  const ordered = (text?: string) => idsOf(text).sort().join(" ");
  return fields.every(({ name, control }) =>
    control === "references"
      ? ordered(one[name]) === ordered(other[name])
      : one[name] === other[name],
  );
}

function outOfBounds(value: number, { minimum, maximum }: Rule): string {
  if (minimum !== undefined && value < minimum) return `Enter ${minimum} or more.`;
  if (maximum !== undefined && value > maximum) return `Enter ${maximum} or less.`;
  return "";
}

function isCalendarDate(text: string): boolean {
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}

function isJsonObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}

const CHECKS: Record<Control, (text: string, rule: Rule) => string> = {
  checkbox: (text) => (["true", "false"].includes(text) ? "" : "Choose yes or no."),
  date: (text) => (/^\d{4}-\d\d-\d\d$/.test(text) && isCalendarDate(text) ? "" : "Enter a date."),
  datetime: (text) =>
    LOCAL_TIME.test(text) && !Number.isNaN(Date.parse(text)) ? "" : "Enter a date and a time.",
  decimal: (text, { pattern = "" }) =>
    new RegExp(pattern).test(text)
      ? ""
      : "Enter a number that fits, with a point before its decimals.",
  duration: (text, { pattern = "" }) =>
    new RegExp(pattern).test(text)
      ? ""
      : "Enter a length of time, such as PT1H30M for 1 h 30 min, or P2D for two days.",
  email: (text, { pattern = "" }) =>
    new RegExp(pattern).test(text) ? "" : "Enter an e-mail address, such as name@example.com.",
  integer: (text, rule) =>
    /^-?\d+$/.test(text) ? outOfBounds(Number(text), rule) : "Enter a whole number.",
  json: (text) => (isJsonObject(text) ? "" : 'Enter a JSON object, such as {"key": "value"}.'),
  number: (text, rule) =>
    Number.isFinite(Number(text)) ? outOfBounds(Number(text), rule) : "Enter a number.",
  reference: (text) => (UUID.test(text) ? "" : "Choose one of the list."),
  references: (text, { maxItems = Infinity }) => {
    const ids = idsOf(text);
    if (ids.length > maxItems) return `Choose at most ${maxItems} (now ${ids.length}).`;
    return ids.every((id) => UUID.test(id)) ? "" : "Choose from the list.";
  },
  select: (text, { enum: values = [] }) =>
    values.includes(text) ? "" : "Choose one of the values.",
  text: (text, { pattern = "" }) =>
    new RegExp(pattern).test(text) ? "" : "This has a character that cannot be kept.",
  textarea: (text, { pattern = "" }) =>
    new RegExp(pattern).test(text) ? "" : "This has a character that cannot be kept.",
  time: (text, { pattern = "" }) =>
    new RegExp(pattern).test(text) ? "" : "Enter a time of day, such as 09:30.",
  url: (text, { pattern = "" }) =>
    new RegExp(pattern).test(text) ? "" : "Enter a web address, such as https://example.com.",
  uuid: (text) => (UUID.test(text) ? "" : "Enter a UUID."),
};

/** Say what is wrong with the text of a control, or return an empty text. */
export function check(field: Field, text: string): string {
  const { control, rule } = field;
  if (!text.trim()) return isOptional(field) ? "" : `${field.label} is missing.`;
  // JSON Schema counts characters, JavaScript's length counts halves of some.
  const length = [...text].length;
  if (rule.maxLength !== undefined && length > rule.maxLength) {
    return `Use at most ${rule.maxLength} characters (now ${length}).`;
  }
  if (rule.minLength !== undefined && length < rule.minLength) {
    return `Use at least ${rule.minLength} characters.`;
  }
  return CHECKS[control](text.trim(), rule);
}

/** Say what is wrong with a form, by the name of the field; an empty answer means nothing is. */
export function checkAll(fields: Field[], values: Values): Values {
  const messages = fields.map((field) => [field.name, check(field, values[field.name] ?? "")]);
  return Object.fromEntries(messages.filter(([, message]) => message));
}

function fromText({ control }: Field, text: string): unknown {
  switch (control) {
    case "checkbox":
      return text === "true";
    case "integer":
    case "number":
      return Number(text);
    case "datetime":
      return new Date(text).toISOString();
    case "json":
      return JSON.parse(text);
    case "references":
      return idsOf(text);
    case "textarea":
      return text;
    default:
      return text.trim();
  }
}

/**
 * Make the body of a request of a form's values.
 *
 * @param entity what the form was opened with: a text that nobody touched sends its value as it was, so that a control
 *   that shows less than the value (a time's fractions of a second) loses nothing.
 */
export function toBody<Write>(fields: Field[], values: Values, entity: object = {}): Write {
  const stored = new Map(Object.entries(entity));
  const entries = fields.map((field) => {
    const text = values[field.name] ?? "";
    const before: unknown = stored.get(field.name);
    if (before !== undefined && toText(field, before) === text) return [field.name, before];
    const empty = field.control === "references" ? [] : null;
    return [field.name, text.trim() ? fromText(field, text) : empty];
  });
  return Object.fromEntries(entries) as Write;
}

const DATE = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeZone: "UTC" });
const CLOCKS = new Intl.DateTimeFormat(undefined, { timeStyle: "short", timeZone: "UTC" });
const MOMENT = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });

const UNITS = new Map([
  ["D", "d"],
  ["H", "h"],
  ["M", "min"],
  ["S", "s"],
]);

/** Write a length of time for people: PT1H30M → 1 h 30 min. */
function lengthOf(value: string): string {
  const parts = [...value.matchAll(/(\d+)([DHMS])/g)];
  const told = parts.filter(([, number]) => Number(number) > 0);
  return told.map(([, number, unit = ""]) => `${number} ${UNITS.get(unit)}`).join(" ") || "0 s";
}

/** Write a value of the API for people, in a list. */
export function show(field: Pick<Field, "control" | "labels">, value: unknown): string {
  if (value === null || value === undefined) return "–";
  switch (field.control) {
    case "checkbox":
      return value ? "Yes" : "No";
    case "date":
      return DATE.format(new Date(`${String(value)}T00:00:00Z`));
    case "datetime":
      return MOMENT.format(new Date(String(value)));
    case "duration":
      return lengthOf(String(value));
    case "json":
      return JSON.stringify(value);
    case "references":
      return (value as (string | null)[]).map((text) => text ?? "–").join(", ") || "–";
    case "select":
      return labelOf(field, String(value));
    case "time":
      return CLOCKS.format(new Date(`1970-01-01T${String(value)}Z`));
    default:
      return String(value);
  }
}

/** The value to show of a field: what it refers to is known by its text. */
export function valueOf({ name, refers }: Field, item: object): unknown {
  return new Map(Object.entries(item)).get(refers?.text ?? name);
}

/** The text by which people know one. */
export function nameOf(fields: Field[], item: object): string {
  const head = headOf(fields);
  return head ? show(head, valueOf(head, item)) : "";
}
