import { describe, expect, it } from "vitest";
import { limits } from "../../../../utils/contract/limits.ts";
import { passkeyChallenge, totpSecret } from "../../../../utils/contract/schemas/factors.ts";
import { newGuest, said, signIn } from "../../../support/accounts.ts";
import { stoppedClock } from "../../../support/clock.ts";
import { codeAt } from "../../../support/fakes/authenticator-app.ts";
import {
  addPasskey,
  askForNew,
  askToSignIn,
  type Challenge,
  challengeOf,
  memberWithPasskey,
  SITE,
  showPasskey,
} from "../../../support/fakes/passkeys.ts";
import { appForFile } from "../../../support/for-file.ts";
import { Visitor } from "../../../support/page/visitor.ts";

const REFUSED = [401, "passkey_refused"];
const clock = stoppedClock();

const { app: node, database } = await appForFile({ now: clock.now, env: { TRUST_PROXY: "1", PUBLIC_URL: SITE } });

/** Creates a member with both an active authenticator app and a passkey. */
async function withBoth() {
  const person = await memberWithPasskey(node);
  const { secret } = totpSecret.parse((await person.visitor.post("/api/auth/totp", undefined, person.auth)).body);
  const { status } = await person.visitor.post("/api/auth/totp/confirm", { code: codeAt(secret, clock.now()) }, person.auth);
  expect(status).toBe(200);
  clock.advance(30_000);
  return { ...person, secret };
}

type Person = Awaited<ReturnType<typeof withBoth>>;

const enter = (person: { username: string }, more: Record<string, unknown> = {}) => signIn(node, { identifier: person.username, ...more });
const stepUp = (person: Pick<Person, "visitor" | "auth">, body: unknown) => person.visitor.post("/api/auth/step-up", body, person.auth);
const answerOf = ({ device }: Pick<Person, "device">, { challengeId, options }: Challenge) => ({
  challengeId,
  response: device.answer(options),
});

/** Returns the challenge of the response that requires a second factor. */
const asSecondFactor = async (person: Person): Promise<Challenge> => challengeOf((await enter(person)).body.passkey);

/** Returns the challenge of the response that requires step-up, 10 minutes after the last authentication. */
async function asStepUp(person: Person): Promise<Challenge> {
  await database.db.session.updateMany({ where: { userId: person.id }, data: { provenAt: null } });
  node.services.sessions.invalidate(String((await person.visitor.call("/api/auth/me", { headers: person.auth })).body.sessionId));
  return challengeOf((await askForNew(person)).body.passkey);
}

describe("passkey as second factor", () => {
  it("is required after the correct password and replaces a code, limited to the passkeys of the account", async () => {
    const person = await withBoth();
    await addPasskey(person, person.device);
    const asked = await enter(person);
    expect([...said(asked), asked.body.methods]).toEqual([401, "totp_required", ["totp", "passkey"]]);
    const { options } = passkeyChallenge.strict().parse(asked.body.passkey);
    expect(options).toMatchObject({ rpId: "chat.example", userVerification: "required" });
    expect(options.allowCredentials).toHaveLength(2);
    expect((await enter(person, { password: "not the one" })).body).not.toHaveProperty("passkey");
    expect((await enter(person, { passkey: answerOf(person, challengeOf(asked.body.passkey)) })).status).toBe(200);
    expect((await enter(person, { totpCode: codeAt(person.secret, clock.now()) })).status).toBe(200);
  });

  it("does not replace the password, and is not required while two-factor authentication is disabled", async () => {
    const person = await withBoth();
    const plain = await memberWithPasskey(node);
    const passkey = answerOf(person, await asSecondFactor(person));
    expect(said(await enter(person, { password: "not the one", passkey }))).toEqual([401, "invalid_credentials"]);
    expect((await enter(person, { passkey })).status).toBe(200);
    expect((await enter(plain)).status).toBe(200);
  });

  it("is rejected if replayed, foreign or forged, after which a valid one is accepted", async () => {
    const person = await withBoth();
    const other = await withBoth();
    const used = answerOf(person, await asSecondFactor(person));
    expect((await enter(person, { passkey: used })).status).toBe(200);
    expect(said(await enter(person, { passkey: used }))).toEqual(REFUSED);
    const mine = await asSecondFactor(person);
    expect(said(await enter(other, { passkey: answerOf(person, mine) }))).toEqual(REFUSED);
    const stolen = { challengeId: mine.challengeId, response: other.device.answer({ ...mine.options, allowCredentials: [] }) };
    expect(said(await enter(person, { passkey: stolen }))).toEqual(REFUSED);
    const lying = await asSecondFactor(person);
    const unlocked = person.device.answer(lying.options, { isVerified: false });
    expect(said(await enter(person, { passkey: { challengeId: lying.challengeId, response: unlocked } }))).toEqual(REFUSED);
    expect((await enter(person, { passkey: answerOf(person, await asSecondFactor(person)) })).status).toBe(200);
  });

  it("opens only one session for concurrent requests with the same response", async () => {
    const person = await withBoth();
    const passkey = answerOf(person, await asSecondFactor(person));
    const answers = await Promise.all(Array.from({ length: 6 }, () => enter(person, { passkey })));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 401, 401, 401, 401, 401]);
  });

  it("works when a guest signs in to the account", async () => {
    const person = await withBoth();
    const guest = await newGuest(node);
    const join = (more: Record<string, unknown>) =>
      guest.visitor.post("/api/auth/merge", { identifier: person.username, password: person.password, ...more }, guest.auth);
    const asked = await join({});
    expect(said(asked)).toEqual([401, "totp_required"]);
    expect((await join({ passkey: answerOf(person, challengeOf(asked.body.passkey)) })).status).toBe(200);
  });
});

describe("passkey for step-up", () => {
  it("is sufficient on its own, and unlocks sensitive endpoints for 10 minutes", async () => {
    const person = await withBoth();
    const challenge = await asStepUp(person);
    const { status, body } = await stepUp(person, { passkey: answerOf(person, challenge) });
    expect([status, body]).toEqual([200, { stepUpExpiresAt: new Date(clock.now().getTime() + limits.stepUpMs).toISOString() }]);
    expect((await askForNew(person)).status).toBe(200);
    expect(said(await stepUp(person, { passkey: answerOf(person, challenge) }))).toEqual(REFUSED);
  });

  it("is also accepted as the second factor after the password", async () => {
    const person = await withBoth();
    const asked = await stepUp(person, { password: person.password });
    expect([...said(asked), asked.body.methods]).toEqual([401, "totp_required", ["totp", "passkey"]]);
    expect((await stepUp(person, { passkey: answerOf(person, challengeOf(asked.body.passkey)) })).status).toBe(200);
  });

  it("is rejected for another account, with or without its own passkey", async () => {
    const person = await withBoth();
    const other = await withBoth();
    const mine = await asStepUp(person);
    const theirs = await asStepUp(other);
    expect(said(await stepUp(other, { passkey: answerOf(person, mine) }))).toEqual(REFUSED);
    const stolen = { challengeId: theirs.challengeId, response: person.device.answer({ ...theirs.options, allowCredentials: [] }) };
    expect(said(await stepUp(other, { passkey: stolen }))).toEqual(REFUSED);
    expect(said(await askForNew(other))).toEqual([403, "step_up_required"]);
    expect((await stepUp(person, { passkey: answerOf(person, mine) })).status).toBe(200);
  });
});

describe("passkey challenge", () => {
  const purposes = ["sign_in", "second_factor", "step_up", "add_passkey"] as const;

  /** Requests a challenge for each purpose. */
  const put = (person: Person): Record<(typeof purposes)[number], () => Promise<Challenge>> => ({
    sign_in: async () => askToSignIn(await new Visitor(node.url).open()),
    second_factor: () => asSecondFactor(person),
    step_up: () => asStepUp(person),
    add_passkey: async () => challengeOf((await askForNew(person)).body),
  });

  /** Answers a challenge at the endpoint of each purpose. */
  const show = (person: Person): Record<(typeof purposes)[number], (challenge: Challenge) => Promise<[number, unknown]>> => ({
    sign_in: async (challenge) => said(await showPasskey(await new Visitor(node.url).open(), answerOf(person, rid(challenge)))),
    second_factor: async (challenge) => said(await enter(person, { passkey: answerOf(person, rid(challenge)) })),
    step_up: async (challenge) => said(await stepUp(person, { passkey: answerOf(person, rid(challenge)) })),
    add_passkey: async ({ challengeId, options }) => {
      const made = person.device.make({ rp: { id: "chat.example" }, user: { id: "AAAA" }, ...options });
      return said(await person.visitor.post("/api/auth/passkeys", { challengeId, response: made }, person.auth));
    },
  });

  /** Returns the options of any challenge as sign-in options: checking the owner is up to the server. */
  const rid = ({ challengeId, options: { challenge } }: Challenge): Challenge => ({
    challengeId,
    options: { challenge, rpId: "chat.example" },
  });

  const pairs = purposes.flatMap((asked) => purposes.map((answered) => [asked, answered] as const));

  it.each(pairs)("issued for %s and used for %s is accepted only if both are the same", async (asked, answered) => {
    const person = await withBoth();
    const challenge = await put(person)[asked]();
    const prove = await asStepUp(person);
    await stepUp(person, { passkey: answerOf(person, prove) });
    const [status, code] = await show(person)[answered](challenge);
    if (asked === answered) expect([200, 201]).toContain(status);
    else expect([status, code]).toEqual(REFUSED);
  });
});
