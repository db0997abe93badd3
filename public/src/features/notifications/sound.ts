/** Two short notes: frequency in Hz and start in seconds. */
const NOTES = [
  { hertz: 660, at: 0 },
  { hertz: 880, at: 0.11 },
];
const NOTE_SECONDS = 0.22;
const VOLUME = 0.12;
/** Minimum interval between two sounds in ms, across all tabs. */
const PAUSE_MS = 1_500;

let context: AudioContext | null = null;

function playNote(audio: AudioContext, { hertz, at }: (typeof NOTES)[number]): void {
  const begin = audio.currentTime + at;
  const tone = audio.createOscillator();
  const volume = audio.createGain();
  tone.frequency.value = hertz;
  volume.gain.setValueAtTime(0, begin);
  volume.gain.linearRampToValueAtTime(VOLUME, begin + 0.015);
  volume.gain.exponentialRampToValueAtTime(0.0001, begin + NOTE_SECONDS);
  tone.connect(volume).connect(audio.destination);
  tone.start(begin);
  tone.stop(begin + NOTE_SECONDS);
}

async function play(): Promise<void> {
  context ??= new AudioContext();
  // Browsers allow sound only after a user gesture; until then the context stays suspended.
  if (context.state === "suspended") await Promise.race([context.resume(), new Promise((resolve) => setTimeout(resolve, 300))]);
  if (context.state !== "running") return;
  for (const note of NOTES) playNote(context, note);
}

/** Plays the notification sound, which is generated. If several tabs receive the same message, only one plays it. */
export async function playSound(): Promise<void> {
  await navigator.locks.request("notification-sound", { ifAvailable: true }, async (lock) => {
    if (!lock) return;
    await play();
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  });
}
