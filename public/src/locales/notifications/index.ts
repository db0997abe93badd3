import { textsOfBundle } from "../bundle.ts";
import { en, type NotifyCountedKey, type NotifyKey } from "./en.ts";

const words = textsOfBundle<NotifyKey, NotifyCountedKey>(en, {
  es: () => import("./es.ts").then((file) => file.es),
  pt: () => import("./pt.ts").then((file) => file.pt),
  de: () => import("./de.ts").then((file) => file.de),
  fr: () => import("./fr.ts").then((file) => file.fr),
  ja: () => import("./ja.ts").then((file) => file.ja),
  ar: () => import("./ar.ts").then((file) => file.ar),
});

/** The texts of the notification center, toasts and notification settings. */
export const { speak: speakOfNotify, phrase: tn, counted: countedNotify } = words;
