import { describe, expect, it } from "vitest";
import { leadingZeroBits } from "../../../../services/guests/proof-of-work.ts";
import { proofOfWork } from "../../../../utils/contract/limits.ts";
import { sha256 } from "../../../../utils/crypto.ts";
import { movableClock } from "../../../support/clock.ts";
import { appForFile } from "../../../support/for-file.ts";
import { challengeIn, from, joinWithProof, proofOf } from "../../../support/page/guests.ts";
import { Visitor } from "../../../support/page/visitor.ts";

const clock = movableClock();
const { app, database } = await appForFile({ limitsScale: 1, env: { TRUST_PROXY: "1" }, now: clock.now });

let networks = 0;

/** Returns an address in an unused network (/24). */
function newNetwork(): string {
  networks += 1;
  return `10.77.${networks}`;
}

const visitorOf = () => new Visitor(app.url).open();

/** Asks for a guest; each call comes from the same browser. */
const ask = (visitor: Visitor, address: string, proof?: object) =>
  visitor.post("/api/auth/guest", proof === undefined ? {} : { proof }, from(address));

/** Uses up the open budget of an address, and returns the visitor and their challenge. */
async function challenged(address: string) {
  const visitor = await visitorOf();
  for (let count = 0; count < 3; count += 1) expect((await ask(visitor, address)).status).toBe(201);
  const answer = await ask(visitor, address);
  expect([answer.status, answer.body.code]).toEqual([403, "proof_required"]);
  return { visitor, challenge: challengeIn(answer) };
}

const guests = () => database.db.user.count({ where: { kind: "guest" } });

describe("a guest beyond the budget of their address", () => {
  it("is created once with the solution of the challenge, and not with a wrong one", async () => {
    const address = `${newNetwork()}.1`;
    const { visitor, challenge } = await challenged(address);
    expect(challenge.difficulty).toBe(proofOfWork.bits);
    const before = await guests();
    const { token, nonce } = await proofOf(challenge);
    expect(leadingZeroBits(sha256(`${token}:${nonce}`))).toBeGreaterThanOrEqual(challenge.difficulty);
    expect((await ask(visitor, address, { token, nonce: `${nonce}0` })).body.code).toBe("proof_required");
    expect((await ask(visitor, address, { token, nonce })).status).toBe(201);
    expect((await ask(visitor, address, { token, nonce })).body.code).toBe("proof_required");
    expect(await guests()).toBe(before + 1);
  });

  it("gets a solution accepted once when it is sent twice at the same time", async () => {
    const address = `${newNetwork()}.1`;
    const { visitor, challenge } = await challenged(address);
    const proof = await proofOf(challenge);
    const answers = await Promise.all([ask(visitor, address, proof), ask(visitor, address, proof)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 403]);
  });

  it("cannot use a challenge of another network, a changed one, or one that has expired", async () => {
    const [one, other] = [`${newNetwork()}.1`, `${newNetwork()}.1`];
    const { visitor, challenge } = await challenged(one);
    await challenged(other);
    const proof = await proofOf(challenge);
    expect((await ask(visitor, other, proof)).body.code).toBe("proof_required");
    const [body = ""] = challenge.token.split(".");
    const easier = { ...(JSON.parse(Buffer.from(body, "base64url").toString()) as object), bits: 1 };
    const forged = `${Buffer.from(JSON.stringify(easier)).toString("base64url")}.${challenge.token.split(".")[1]}`;
    expect((await ask(visitor, one, await proofOf({ token: forged, difficulty: proofOfWork.bits }))).body.code).toBe("proof_required");
    clock.advance(proofOfWork.expiresMs);
    expect((await ask(visitor, one, proof)).body.code).toBe("proof_required");
    expect((await joinWithProof(visitor, one)).status).toBe(201);
  });

  it("gets harder challenges the more proven guests there are, and guest_limit beyond nine", async () => {
    const address = `${newNetwork()}.1`;
    const { visitor } = await challenged(address);
    const difficulties: number[] = [];
    for (let count = 0; count < 9; count += 1) {
      difficulties.push(challengeIn(await ask(visitor, address)).difficulty);
      await app.services.limits.consume("provenGuestsOfAddress", address);
    }
    expect(difficulties).toEqual([...difficulties].sort());
    expect([difficulties[0], difficulties.at(-1)]).toEqual([proofOfWork.bits, proofOfWork.bits + proofOfWork.moreBits]);
    const { status, body } = await ask(visitor, address);
    expect([status, body.code]).toEqual([429, "guest_limit"]);
    expect(Number(body.retryAfterMs)).toBeGreaterThan(3_000_000);
  });
});

describe("guests of one network", () => {
  it("need a proof once 20 joined from different addresses, and no address of another network does", async () => {
    const network = newNetwork();
    const visitor = await visitorOf();
    for (let host = 1; host <= 20; host += 1) expect((await ask(visitor, `${network}.${host}`)).status).toBe(201);
    expect((await ask(visitor, `${network}.99`)).body.code).toBe("proof_required");
    expect((await joinWithProof(visitor, `${network}.99`)).status).toBe(201);
    expect((await ask(visitor, `${newNetwork()}.1`)).status).toBe(201);
  });
});
