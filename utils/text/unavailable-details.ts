import type { SupportedLanguage } from "./languages.ts";

/** Why a server is unavailable, if the reason is known: it is shutting down, or overloaded. */
export type UnavailableReason = "stopping" | "busy";

export const unavailableDetails: Record<SupportedLanguage, Record<UnavailableReason, string>> = {
  ar: {
    stopping: "يُعاد تشغيل الخادم. أعد المحاولة بعد لحظة.",
    busy: "الخادم مشغول جدًا. أعد المحاولة بعد لحظة.",
  },
  de: {
    stopping: "Der Server wird neu gestartet. Versuche es gleich noch einmal.",
    busy: "Der Server ist stark ausgelastet. Versuche es gleich noch einmal.",
  },
  en: {
    stopping: "The server is restarting. Try again in a moment.",
    busy: "The server is very busy. Try again in a moment.",
  },
  es: {
    stopping: "El servidor se está reiniciando. Inténtalo de nuevo en un momento.",
    busy: "El servidor está muy ocupado. Inténtalo de nuevo en un momento.",
  },
  fr: {
    stopping: "Le serveur redémarre. Réessayez dans un instant.",
    busy: "Le serveur est très sollicité. Réessayez dans un instant.",
  },
  ja: {
    stopping: "サーバーを再起動しています。しばらくしてからもう一度お試しください。",
    busy: "サーバーが混み合っています。しばらくしてからもう一度お試しください。",
  },
  pt: {
    stopping: "O servidor está reiniciando. Tente novamente em instantes.",
    busy: "O servidor está muito ocupado. Tente novamente em instantes.",
  },
};
