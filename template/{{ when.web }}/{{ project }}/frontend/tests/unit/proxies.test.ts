// Spec: .specify/memory/constitution.md
import { expect, test } from "vitest";
import { callerAddress } from "@/services/proxies";

const CALLER = "203.0.113.9";
const FORGED = "198.51.100.1";

test.each([
  ["", CALLER, 0, CALLER],
  [FORGED, CALLER, 0, CALLER],
  [CALLER, "10.0.0.1", 1, CALLER],
  [`${FORGED}, ${CALLER}`, "10.0.0.1", 1, CALLER],
  [`${FORGED},${CALLER}, 10.0.0.2`, "10.0.0.1", 2, CALLER],
  // It came around the proxies.
  [FORGED, CALLER, 2, CALLER],
])("X-Forwarded-For %j from %s behind %i proxies is of %s", (forwarded, peer, proxies, address) => {
  expect(callerAddress(forwarded, peer, proxies)).toBe(address);
});
