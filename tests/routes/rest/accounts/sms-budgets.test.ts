import { describe, expect, it } from "vitest";
import { setContact } from "../../../../services/contacts/contacts.ts";
import { supportedLanguages } from "../../../../utils/text/languages.ts";
import { median } from "../../../bench/figures.ts";
import { movableClock } from "../../../support/clock.ts";
import { makeMember } from "../../../support/factories.ts";
import { confirmCode, newAddress, newNumber, requestCode, verifyPhone } from "../../../support/fakes/phones.ts";
import { appForFile } from "../../../support/for-file.ts";
import { bearer } from "../../../support/page/visitor.ts";

const clock = movableClock();
const { app: node, database } = await appForFile({ env: { TRUST_PROXY: "1", SMS_DAILY_BUDGET: "100000" }, now: clock.now });

async function ownedNumber(): Promise<string> {
  const number = newNumber();
  const { id } = await makeMember(node.services);
  await setContact(node.services, { userId: id, kind: "phone", value: number, isVerified: true });
  return number;
}

const newest = (number: string) => node.deps.outbox?.list(number)[0];

describe("text message with a code", () => {
  it.each([...supportedLanguages])("is in the caller's language (%s), names the site, and has no link", async (language) => {
    const number = newNumber();
    const headers = { ...newAddress(), "accept-language": `xx, ${language}-XX;q=0.8, en;q=0.1` };
    expect((await requestCode(node, number, { headers })).status).toBe(202);
    const { text = "", code } = newest(number) ?? {};
    expect(text).toContain(String(code));
    expect(text).toContain("The Chatroom");
    expect(text).not.toMatch(/https?:|www\.|\w\.\w|\//);
    const english = newNumber();
    await requestCode(node, english);
    const inEnglish = newest(english)?.text.replace(/\d{6}/, "");
    expect(text.replace(/\d{6}/, "") === inEnglish).toBe(language === "en");
  });

  it("is in the user's language if the browser requests none that is supported", async () => {
    const { id, token } = await makeMember(node.services);
    await database.db.user.update({ where: { id }, data: { languages: ["xx", "de-AT"] } });
    const number = newNumber();
    await requestCode(node, number, { headers: { ...newAddress(), ...bearer(token), "accept-language": "xx" } });
    expect(newest(number)?.text).toContain("ist dein Code");
  });
});

describe("existence of a phone number", () => {
  it("is not revealed: known and unknown numbers get the same response and one text message each", async () => {
    for (const purpose of ["signup", "reset"] as const) {
      const owned = await ownedNumber();
      const unknown = newNumber();
      const first = await requestCode(node, owned, { purpose });
      const second = await requestCode(node, unknown, { purpose });
      const shape = ({ status, body }: typeof first) => ({ status, body: { ...body, verificationId: String(body.verificationId).length } });
      expect(shape(first)).toEqual(shape(second));
      const headersOf = ({ headers }: typeof first) => [...headers.keys()].sort();
      expect(headersOf(first)).toEqual(headersOf(second));
      for (const number of [owned, unknown]) expect(node.deps.outbox?.list(number)).toHaveLength(1);
    }
  });

  it("is revealed only to its owner, in the text message for a password reset", async () => {
    const owned = await ownedNumber();
    const unknown = newNumber();
    for (const number of [owned, unknown]) await requestCode(node, number, { purpose: "reset" });
    expect(newest(owned)?.code).toMatch(/^\d{6}$/);
    expect(newest(unknown)?.code).toBeUndefined();
    expect(newest(unknown)?.text).toContain("no account uses it");
    expect(newest(unknown)?.text).not.toMatch(/\d{6}/);
  });

  it("is not revealed by the error for a wrong code", async () => {
    const answers = [];
    for (const number of [await ownedNumber(), newNumber()]) {
      const { body } = await requestCode(node, number, { purpose: "reset" });
      const { status, body: problem } = await confirmCode(
        node,
        body.verificationId,
        newest(number)?.code === "000000" ? "111111" : "000000",
      );
      answers.push([status, problem.code, problem.attemptsLeft]);
    }
    expect(answers[0]).toEqual(answers[1]);
  });

  it.each(["signup", "reset"] as const)(
    "is not revealed by the response time (%s)",
    async (purpose) => {
      const times: Record<"owned" | "unknown", number[]> = { owned: [], unknown: [] };
      const timed = async (kind: "owned" | "unknown", number: string): Promise<void> => {
        const startedAt = performance.now();
        expect((await requestCode(node, number, { purpose })).status).toBe(202);
        times[kind].push(performance.now() - startedAt);
      };
      for (let pairs = 0; pairs < 120; pairs++) {
        const owned = await ownedNumber();
        const turns = [() => timed("owned", owned), () => timed("unknown", newNumber())];
        for (const turn of pairs % 2 === 0 ? turns : turns.reverse()) await turn();
      }
      const ratio = median(times.owned) / median(times.unknown);
      expect(ratio).toBeGreaterThan(0.75);
      expect(ratio).toBeLessThan(1.33);
    },
    60_000,
  );
});

describe("changing the phone number", () => {
  async function member(provenAgoMs = 0) {
    const person = await makeMember(node.services);
    await database.db.session.update({ where: { id: person.sessionId }, data: { provenAt: new Date(Date.now() - provenAgoMs) } });
    return { ...person, headers: bearer(person.token) };
  }
  const change = async (headers: Record<string, string>, phoneProof: string) => {
    const response = await fetch(`${node.url}/api/auth/change-phone`, {
      method: "POST",
      headers: { ...headers, "content-type": "application/json" },
      body: JSON.stringify({ phoneProof }),
    });
    const text = await response.text();
    return [response.status, text === "" ? undefined : (JSON.parse(text) as { code: string }).code];
  };
  const prove = (headers: Record<string, string>, number = newNumber()) =>
    verifyPhone(node, number, { purpose: "change", headers: { ...newAddress(), ...headers } });
  const phoneRows = (userId: string) => database.db.contact.findMany({ where: { userId, kind: "phone" } });

  it("replaces the former number with the confirmed one; the audit log does not contain the number", async () => {
    const { id, headers, sessionId } = await member();
    const first = newNumber();
    const second = newNumber();
    expect(await change(headers, await prove(headers, first))).toEqual([204, undefined]);
    expect(await change(headers, await prove(headers, second))).toEqual([204, undefined]);
    const [row, ...others] = await phoneRows(id);
    expect([others, row?.verifiedAt]).toEqual([[], expect.any(Date)]);
    expect(node.services.vault.open({ table: "contacts", field: "sealed", id: row?.id ?? "" }, row?.sealed ?? new Uint8Array())).toBe(
      second,
    );
    const entries = await database.db.auditEntry.findMany({ where: { subjectId: id, action: "phone_changed" } });
    expect(entries.map(({ actorId, data }) => ({ actorId, data }))).toEqual(Array(2).fill({ actorId: id, data: { sessionId } }));
  });

  it("requires recent authentication", async () => {
    const { id, headers } = await member(10 * 60_000 + 1_000);
    const proof = await prove(headers);
    expect(await change(headers, proof)).toEqual([403, "step_up_required"]);
    expect(await phoneRows(id)).toEqual([]);
    await database.db.session.updateMany({ where: { userId: id }, data: { provenAt: new Date() } });
    expect(await change(headers, proof)).toEqual([204, undefined]);
  });

  it("accepts a proof once, from its owner, and only for this purpose", async () => {
    const ann = await member();
    const eve = await member();
    const proof = await prove(ann.headers);
    expect(await change(eve.headers, proof)).toEqual([422, "phone_proof_invalid"]);
    expect(await change(ann.headers, await verifyPhone(node, newNumber()))).toEqual([422, "phone_proof_invalid"]);
    expect(await change(ann.headers, `${proof.slice(0, -1)}${proof.endsWith("A") ? "B" : "A"}`)).toEqual([422, "phone_proof_invalid"]);
    const answers = await Promise.all(Array.from({ length: 5 }, () => change(ann.headers, proof)));
    expect(answers.map(([status]) => status).sort()).toEqual([204, 422, 422, 422, 422]);
  });

  it("to a number of another account is rejected, without changing the proof or the former number", async () => {
    const ann = await member();
    const owned = await ownedNumber();
    const former = newNumber();
    await change(ann.headers, await prove(ann.headers, former));
    const proof = await prove(ann.headers, owned);
    expect(await change(ann.headers, proof)).toEqual([409, "phone_taken"]);
    expect(await phoneRows(ann.id)).toHaveLength(1);
    await database.db.contact.deleteMany({ where: { blindIndex: node.services.vault.blindIndex("phone", owned) } });
    expect(await change(ann.headers, proof)).toEqual([204, undefined]);
  });

  it("to one number by two users concurrently succeeds for only one", async () => {
    const ann = await member();
    const bob = await member();
    const number = newNumber();
    const proofs = [await prove(ann.headers, number)];
    clock.advance(1_000);
    proofs.push(await prove(bob.headers, number));
    const answers = await Promise.all([change(ann.headers, proofs[0] ?? ""), change(bob.headers, proofs[1] ?? "")]);
    expect(answers.sort()).toEqual([
      [204, undefined],
      [409, "phone_taken"],
    ]);
  });
});
