import type { SupportedLanguage } from "../../../utils/text/languages.ts";
import { type ExportFile, exportFiles } from "../user-key.ts";

/** The texts of the pages of an export. `asOf` is followed by a time. */
export type ExportTexts = {
  readonly heading: string;
  readonly asOf: string;
  readonly forPeople: string;
  readonly forPrograms: string;
  readonly nothing: string;
  readonly back: string;
  readonly titles: Readonly<Record<ExportFile, string>>;
};

/** Maps a list of titles to the files, in the order of `exportFiles`. */
const titles = (list: string): ExportTexts["titles"] => {
  const parts = list.split("|");
  return Object.fromEntries(exportFiles.map((file, at) => [file, parts[at] ?? ""])) as ExportTexts["titles"];
};

/** The texts of an export by language. */
export const exportTexts: Readonly<Record<SupportedLanguage, ExportTexts>> = {
  en: {
    heading: "Your data",
    asOf: "All data that this site stores about you, as of",
    forPeople: "view",
    forPrograms: "JSON",
    nothing: "No data.",
    back: "All files",
    titles: titles(
      "Profile and privacy|E-mail address and phone number|Sign-in methods|Passkeys|Devices|Account history|Codes sent to your phone|Mutes and bans|Reports you sent|Rooms you visited|People you blocked|Messages you wrote|Reactions|Notifications|Notification settings|Guest visits merged into your account|Data exports",
    ),
  },
  es: {
    heading: "Tus datos",
    asOf: "Todo lo que este sitio sabe de ti, a fecha de",
    forPeople: "para leer",
    forPrograms: "para programas",
    nothing: "Nada.",
    back: "Todos los archivos",
    titles: titles(
      "Perfil y privacidad|Correo electrónico y teléfono|Con qué inicias sesión|Llaves de acceso|Dispositivos en los que iniciaste sesión|Qué pasó con tu cuenta|Códigos enviados a tu teléfono|Silencios y expulsiones|Denuncias que has enviado|Salas en las que has estado|Personas que bloqueaste|Mensajes que escribiste|Reacciones|Avisos|Ajustes de avisos|Visitas como invitado que pasaron a tu cuenta|Exportaciones que pediste",
    ),
  },
  pt: {
    heading: "Os seus dados",
    asOf: "Tudo o que este site sabe sobre si, em",
    forPeople: "para ler",
    forPrograms: "para programas",
    nothing: "Nada.",
    back: "Todos os ficheiros",
    titles: titles(
      "Perfil e privacidade|E-mail e telefone|Com que inicia sessão|Chaves de acesso|Dispositivos em que iniciou sessão|O que aconteceu à sua conta|Códigos enviados para o seu telefone|Silenciamentos e expulsões|Denúncias que enviou|Salas em que esteve|Pessoas que bloqueou|Mensagens que escreveu|Reações|Notificações|Definições de notificações|Visitas de convidado que passaram para a sua conta|Exportações que pediu",
    ),
  },
  de: {
    heading: "Deine Daten",
    asOf: "Alles, was diese Seite über dich weiß, Stand",
    forPeople: "zum Lesen",
    forPrograms: "für Programme",
    nothing: "Nichts.",
    back: "Alle Dateien",
    titles: titles(
      "Profil und Privatsphäre|E-Mail-Adresse und Telefonnummer|Womit du dich anmeldest|Passkeys|Geräte, auf denen du dich angemeldet hast|Was mit deinem Konto geschah|Codes an dein Telefon|Stummschaltungen und Sperren|Deine Meldungen|Räume, in denen du warst|Personen, die du blockiert hast|Nachrichten, die du geschrieben hast|Reaktionen|Benachrichtigungen|Einstellungen für Benachrichtigungen|Gastbesuche, die zu deinem Konto kamen|Angeforderte Exporte",
    ),
  },
  fr: {
    heading: "Vos données",
    asOf: "Tout ce que ce site sait de vous, au",
    forPeople: "à lire",
    forPrograms: "pour les programmes",
    nothing: "Rien.",
    back: "Tous les fichiers",
    titles: titles(
      "Profil et confidentialité|Adresse e-mail et numéro de téléphone|Vos moyens de connexion|Clés d’accès|Appareils sur lesquels vous vous êtes connecté|Ce qui est arrivé à votre compte|Codes envoyés à votre téléphone|Mises en sourdine et bannissements|Signalements que vous avez envoyés|Salons où vous êtes allé|Personnes que vous avez bloquées|Messages que vous avez écrits|Réactions|Notifications|Réglages des notifications|Visites d’invité rattachées à votre compte|Exports demandés",
    ),
  },
  ja: {
    heading: "あなたのデータ",
    asOf: "このサイトがあなたについて保存しているすべての情報。作成日時：",
    forPeople: "読む",
    forPrograms: "プログラム用",
    nothing: "ありません。",
    back: "すべてのファイル",
    titles: titles(
      "プロフィールとプライバシー|メールアドレスと電話番号|サインインの方法|パスキー|サインインした端末|アカウントの履歴|電話に送られたコード|発言停止と利用禁止|送信した報告|入ったことのあるルーム|ブロックした人|書いたメッセージ|リアクション|通知|通知の設定|アカウントに統合されたゲスト利用|依頼したエクスポート",
    ),
  },
  ar: {
    heading: "بياناتك",
    asOf: "كل ما يعرفه هذا الموقع عنك، حتى",
    forPeople: "للقراءة",
    forPrograms: "للبرامج",
    nothing: "لا شيء.",
    back: "كل الملفات",
    titles: titles(
      "الملف الشخصي والخصوصية|البريد الإلكتروني ورقم الهاتف|وسائل تسجيل الدخول|مفاتيح المرور|الأجهزة التي سجلت الدخول منها|ما حدث لحسابك|الرموز المرسلة إلى هاتفك|الكتم والحظر|البلاغات التي أرسلتها|الغرف التي دخلتها|أشخاص حظرتهم|الرسائل التي كتبتها|التفاعلات|الإشعارات|إعدادات الإشعارات|زيارات الضيف التي انضمت إلى حسابك|عمليات التصدير التي طلبتها",
    ),
  },
};
