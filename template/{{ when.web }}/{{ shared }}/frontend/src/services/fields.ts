// Spec: .specify/memory/constitution.md
/** Form controls: what a type of the contract is edited with. */
export type Control =
  | "checkbox"
  | "date"
  | "datetime"
  | "decimal"
  | "email"
  | "integer"
  | "json"
  | "number"
  | "reference"
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
  minimum?: number;
  maximum?: number;
  pattern?: string;
}

/** A field as a feature describes it. */
export interface Label<Name extends string = string> {
  name: Name;
  label: string;
  control: Control;
  /** How people know the values of an enum, where the values' own words do not say it. */
  labels?: Record<string, string>;
  /** What the field refers to: where the pages and the API have it, and the field that tells its text. */
  refers?: { to: string; text: string };
}

/** A field with its rule. */
export interface Field<Name extends string = string> extends Label<Name> {
  rule: Rule;
}

/** What a form holds: the text of every control, by the name of its field, and the texts of what is referred to. */
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

/** The fields that a list has room for: the first few that are short. */
export function columnsOf(fields: Field[]): Field[] {
  return fields.filter(({ control }) => !UNLISTED.includes(control)).slice(0, COLUMNS);
}

/** Whether a form may leave the field empty. */
export function isOptional({ rule }: Field): boolean {
  return rule.nullable;
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

/** The text that a control shows for a value of the API. A point in time is shown in the zone of the browser. */
export function toText({ control }: Pick<Field, "control">, value: unknown): string {
  if (value === null || value === undefined) return "";
  if (control === "datetime") return localTime(String(value));
  if (control === "json") return JSON.stringify(value, undefined, 2);
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
  const texts = fields.flatMap(({ refers }) =>
    refers ? [[refers.text, String(entries.get(refers.text) ?? "")]] : [],
  );
  return Object.fromEntries([...values, ...texts]);
}

/** Whether two forms hold the same. */
export function isSame(fields: Field[], one: Values, other: Values): boolean {
  return fields.every(({ name }) => one[name] === other[name]);
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
  email: (text, { pattern = "" }) =>
    new RegExp(pattern).test(text) ? "" : "Enter an e-mail address, such as name@example.com.",
  integer: (text, rule) =>
    /^-?\d+$/.test(text) ? outOfBounds(Number(text), rule) : "Enter a whole number.",
  json: (text) => (isJsonObject(text) ? "" : 'Enter a JSON object, such as {"key": "value"}.'),
  number: (text, rule) =>
    Number.isFinite(Number(text)) ? outOfBounds(Number(text), rule) : "Enter a number.",
  reference: (text) => (UUID.test(text) ? "" : "Choose one of the list."),
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
    return [field.name, text.trim() ? fromText(field, text) : null];
  });
  return Object.fromEntries(entries) as Write;
}

const DATE = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeZone: "UTC" });
const CLOCKS = new Intl.DateTimeFormat(undefined, { timeStyle: "short", timeZone: "UTC" });
const MOMENT = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });

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
    case "json":
      return JSON.stringify(value);
    case "select":
      return labelOf(field, String(value));
    case "time":
      return CLOCKS.format(new Date(`1970-01-01T${String(value)}Z`));
    default:
      return String(value);
  }
}
