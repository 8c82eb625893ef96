// Spec: .specify/memory/constitution.md
import { describe, expect, test } from "vitest";
import {
  check,
  chosenOf,
  columnsOf,
  fieldsOf,
  headOf,
  initialValues,
  isSame,
  nameOf,
  show,
  toBody,
  toText,
  valuesOf,
  valuesOfChosen,
  words,
  type Control,
  type Field,
  type Rule,
} from "@/services/fields";

const ACME = { id: "11111111-1111-4111-8111-111111111111", text: "Acme" };
const SONS = { id: "22222222-2222-4222-8222-222222222222", text: "Sons, and others" };
const CLOCK = "^([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?$";

const LENGTH =
  "^P([0-9]{1,4}D(T(([01]?[0-9]|2[0-3])H([0-5]?[0-9]M)?([0-5]?[0-9]S)?|[0-5]?[0-9]M([0-5]?[0-9]S)?|[0-5]?[0-9]S))?" +
  "|T([0-9]{1,5}H([0-9]{1,6}M)?([0-9]{1,8}S)?|[0-9]{1,6}M([0-9]{1,8}S)?|[0-9]{1,8}S))$";

function field(control: Control, rule: Partial<Rule> = {}): Field {
  return { name: "it", label: "It", control, rule: { nullable: false, ...rule } };
}

describe("check", () => {
  test.each<[Field, string]>([
    [field("text", { minLength: 1, maxLength: 3 }), "abc"],
    [field("text", { maxLength: 1 }), "😀"],
    [field("text", { nullable: true }), ""],
    [field("integer", { minimum: 1, maximum: 5 }), "5"],
    [field("number"), "-1.5e3"],
    [field("decimal", { pattern: "^-?[0-9]{1,3}(\\.[0-9]{1,2})?$" }), "-12.5"],
    [field("date"), "2024-02-29"],
    [field("datetime"), "2026-01-15T09:30"],
    [field("time", { pattern: CLOCK }), "09:30"],
    [field("duration", { pattern: LENGTH }), "PT90M"],
    [field("duration", { pattern: LENGTH }), "P1DT2H"],
    [field("json"), '{"a": [1]}'],
    [field("checkbox"), "false"],
    [field("select", { enum: ["a", "b"] }), "b"],
    [field("uuid"), "11111111-1111-4111-8111-111111111111"],
    [field("reference"), "11111111-1111-4111-8111-111111111111"],
    [field("references"), ""],
    [field("references", { maxItems: 2 }), `${ACME.id} ${SONS.id}`],
  ])("accepts %o %s", (it, text) => {
    expect(check(it, text)).toBe("");
  });

  test.each<[Field, string, string]>([
    [field("text"), "", "It is missing."],
    [field("text"), "   ", "It is missing."],
    [field("text", { maxLength: 3 }), "abcd", "Use at most 3 characters (now 4)."],
    [field("text", { minLength: 2 }), "a", "Use at least 2 characters."],
    [field("integer", { minimum: 1 }), "0", "Enter 1 or more."],
    [field("integer", { maximum: 5 }), "6", "Enter 5 or less."],
    [field("integer"), "1.5", "Enter a whole number."],
    [field("number"), "much", "Enter a number."],
    [field("decimal", { pattern: "^[0-9]$" }), "12", "Enter a number that fits"],
    [field("date"), "2026-02-29", "Enter a date."],
    [field("datetime"), "0999-01-01T00:00", "Enter a date and a time."],
    [field("time", { pattern: CLOCK }), "24:00", "Enter a time of day, such as 09:30."],
    [field("duration", { pattern: LENGTH }), "P1M", "Enter a length of time, such as PT1H30M"],
    [field("duration", { pattern: LENGTH }), "90", "Enter a length of time, such as PT1H30M"],
    [field("json"), "[1]", "Enter a JSON object"],
    [field("select", { enum: ["a"] }), "b", "Choose one of the values."],
    [field("uuid"), "123", "Enter a UUID."],
    [field("reference"), "Acme", "Choose one of the list."],
    [field("references"), `${ACME.id} Acme`, "Choose from the list."],
    [field("references", { maxItems: 1 }), `${ACME.id} ${SONS.id}`, "Choose at most 1 (now 2)."],
  ])("refuses %o %s", (it, text, message) => {
    expect(check(it, text)).toContain(message);
  });
});

describe("toBody", () => {
  test("sends null for what is empty", () => {
    expect(toBody([field("integer", { nullable: true })], { it: " " })).toEqual({ it: null });
  });

  test("sends values in the contract's types", () => {
    const typed: [Control, string, unknown][] = [
      ["checkbox", "true", true],
      ["integer", " 7", 7],
      ["number", "1.5", 1.5],
      ["decimal", "1.50", "1.50"],
      ["json", '{"a": 1}', { a: 1 }],
      ["text", " a ", "a"],
      ["textarea", " a\n", " a\n"],
    ];
    for (const [control, text, value] of typed) {
      expect(toBody([field(control)], { it: text })).toEqual({ it: value });
    }
  });

  test("takes a time for one of the browser's zone", () => {
    const text = toText(field("datetime"), "2026-07-15T09:30:00Z");
    expect(text).toBe("2026-07-15T11:30:00");
    expect(toBody([field("datetime")], { it: text })).toEqual({ it: "2026-07-15T09:30:00.000Z" });
  });

  test("keeps what a control shows less of than there is", () => {
    const stored = { it: "2026-07-15T09:30:00.123456Z" };
    const text = toText(field("datetime"), stored.it);
    expect(toBody([field("datetime")], { it: text }, stored)).toEqual(stored);
  });
});

test("a field that the contract does not know is an error", () => {
  const label = { name: "it", label: "It", control: "text" } as const;
  expect(() => fieldsOf<{ it: string }>({}, [label])).toThrow("it is no field of the contract");
});

test("a form holds the text of what is referred to, and sends the id alone", () => {
  const company = { ...field("reference"), refers: { to: "companies", text: "company" } };
  const stored = { it: "11111111-1111-4111-8111-111111111111", company: "Acme" };
  const values = valuesOf([company], stored);
  expect(values).toEqual(stored);
  expect(toBody([company], values)).toEqual({ it: stored.it });
  expect(isSame([company], values, { ...values, company: "Acme & Sons" })).toBe(true);
  expect(isSame([company], values, { ...values, it: "" })).toBe(false);
});

test("a form holds the texts of many, and sends their ids alone", () => {
  const companies = { ...field("references"), refers: { to: "companies", text: "companies" } };
  const stored = { it: [ACME.id, SONS.id], companies: [ACME.text, SONS.text] };
  const values = valuesOf([companies], stored);
  expect(chosenOf(companies, values)).toEqual([ACME, SONS]);
  expect(toBody([companies], values)).toEqual({ it: stored.it });
  const turned = valuesOfChosen(companies, [SONS, ACME]);
  expect(chosenOf(companies, turned)).toEqual([SONS, ACME]);
  expect(isSame([companies], values, turned)).toBe(true);
  const fewer = valuesOfChosen(companies, [SONS]);
  expect(isSame([companies], values, fewer)).toBe(false);
  expect(toBody([companies], fewer, stored)).toEqual({ it: [SONS.id] });
  const none = valuesOfChosen(companies, []);
  expect(toBody([companies], none, stored)).toEqual({ it: [] });
  expect(chosenOf(companies, none)).toEqual([]);
});

test("a new form starts with the defaults", () => {
  const checkbox = { ...field("checkbox"), name: "done" };
  const defaulted = { ...field("integer", { default: 5 }), name: "count" };
  expect(initialValues([checkbox, defaulted, field("text")])).toEqual({
    done: "false",
    count: "5",
    it: "",
  });
});

test("a list leaves long fields out", () => {
  const short = Array.from({ length: 9 }, () => field("text"));
  expect(columnsOf([field("json"), ...short, field("textarea")])).toHaveLength(5);
});

test("people know one by the field that says so, else by the first that tells most", () => {
  const company = { ...field("reference"), refers: { to: "companies", text: "company" } };
  const notes = field("textarea");
  const perhaps = { ...field("text", { nullable: true }), name: "perhaps" };
  const number = { ...field("integer"), name: "number" };
  const title = { ...field("text"), name: "title", known: true };
  expect(headOf([company, notes, perhaps, number, title])).toBe(title);
  expect(headOf([company, notes, perhaps, number])).toBe(number);
  expect(headOf([company, notes, perhaps])).toBe(perhaps);
  expect(headOf([notes, company])).toBe(company);
  expect(nameOf([number, title], { number: 1, title: "Welder" })).toBe("Welder");
  expect(nameOf([company], { it: ACME.id, company: ACME.text })).toBe("Acme");
  expect(nameOf([number], { number: 7 })).toBe("7");
});

test("a list begins with what people know one by", () => {
  const short = Array.from({ length: 9 }, () => field("text"));
  const title = { ...field("text"), name: "title", known: true };
  const columns = columnsOf([...short, title]);
  expect(columns).toHaveLength(5);
  expect(columns[0]).toBe(title);
});

test.each<[Control, unknown, string]>([
  ["text", null, "–"],
  ["checkbox", true, "Yes"],
  ["checkbox", false, "No"],
  ["select", "in-review", "In review"],
  ["json", { a: 1 }, '{"a":1}'],
  ["decimal", "1.50", "1.50"],
  ["duration", "PT1H30M", "1 h 30 min"],
  ["duration", "P400DT1H0M1S", "400 d 1 h 1 s"],
  ["duration", "PT0S", "0 s"],
  ["references", ["Acme", "Sons"], "Acme, Sons"],
  ["references", [], "–"],
])("shows %s %o as %s", (control, value, text) => {
  expect(show({ control }, value)).toBe(text);
});

test("a date is the same day in every zone", () => {
  expect(show({ control: "date" }, "2026-01-15")).toContain("15");
});

test("a time of day is the same in every zone", () => {
  expect(show({ control: "time" }, "09:30:00")).toContain("9:30");
});

test("a value with a label is called by it", () => {
  const state = { control: "select" as const, labels: { in_work: "In the workshop" } };
  expect(show(state, "in_work")).toBe("In the workshop");
  expect(show(state, "done")).toBe("Done");
});

test("words are for people", () => {
  expect(words("due_on")).toBe("Due on");
});
