import type { ExportFile } from "../fates.ts";

/** What a reader is told of each file. */
export const titles: Readonly<Record<ExportFile, string>> = {
  profile: "Your profile and privacy settings",
  contacts: "Your e-mail address and phone number",
  security: "What you sign in with",
  passkeys: "Your passkeys",
  sessions: "Devices you signed in on",
  history: "What happened to your account",
  codes: "Codes that were sent to your phone",
  sanctions: "Mutes and bans",
  rooms: "Rooms you have been in",
  messages: "Messages you wrote",
  merges: "Guest visits that became part of your account",
  exports: "Exports you asked for",
};

export const words = {
  heading: "Your data",
  intro: "Everything this site knows about you, as of",
  forPeople: "to read",
  forPrograms: "for programs",
  nothing: "Nothing.",
  back: "All files",
} as const;
