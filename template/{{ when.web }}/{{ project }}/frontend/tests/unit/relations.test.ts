// Spec: .specify/memory/constitution.md
import { expect, test } from "vitest";
import { relations } from "@/generated/relations";

test("what refers to a record is found by it, in a list that can be filtered", async () => {
  for (const [to, all] of Object.entries(relations)) {
    for (const { path, filter, label, part, load } of all) {
      const feature = await load();
      expect(feature.path).toBe(path);
      expect(feature.filters).toContain(filter);
      const fields = feature.fields.map(({ name, refers, ...field }) => ({
        label: field.label,
        filter: field.filter ?? name,
        to: refers && `/${refers.to}`,
      }));
      expect(fields).toContainEqual({ label, filter, to });
      // The form for a new part leaves out the field of its whole, which is called like the filter.
      if (part) expect(feature.fields.map(({ name }) => name)).toContain(filter);
    }
  }
});
