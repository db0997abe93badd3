import type { ProofRequest } from "./proof-of-work.ts";
import { findNonce } from "./proof-of-work-solver.ts";

addEventListener("message", ({ data }: MessageEvent<ProofRequest>) => postMessage(findNonce(data.token, data.difficulty)));
