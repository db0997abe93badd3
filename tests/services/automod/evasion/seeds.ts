/** The words that rules forbid in one language, and sentences with a place for one of them. */
export type Seeds = {
  readonly language: string;
  readonly script: "latin" | "cyrillic" | "spaced" | "dense";
  readonly phrases: readonly string[];
  /** Sentences of which each has one `{}`. */
  readonly carriers: readonly string[];
  /** Ordinary sentences without a forbidden word. */
  readonly plain: readonly string[];
};

export const seeds: readonly Seeds[] = [
  {
    language: "en",
    script: "latin",
    phrases: ["free money", "buy followers", "casino", "viagra", "work from home", "bitcoin giveaway"],
    carriers: ["hey look, {} for everybody here", "{}", "Click below: {} today", "my friend says {} is real"],
    plain: [
      "The ferry is late again tonight",
      "Thank you for the lovely evening",
      "Who wants to play chess on Sunday?",
      "I bought fresh bread",
    ],
  },
  {
    language: "de",
    script: "latin",
    phrases: ["schnelles Geld", "Glücksspiel", "Gewinnspiel", "günstige Kredite", "Idiot", "Müllmenschen"],
    carriers: ["schau mal, {} für alle", "{}", "Klick hier: {} ab heute", "mein Freund meint {} stimmt"],
    plain: [
      "Die Fähre kommt heute wieder zu spät",
      "Danke für den schönen Abend",
      "Wer spielt am Sonntag Schach?",
      "Ich habe frisches Brot gekauft",
    ],
  },
  {
    language: "fr",
    script: "latin",
    phrases: ["argent facile", "crédit gratuit", "jeux en ligne", "perdre du poids", "connard", "abonnés gratuits"],
    carriers: ["regarde, {} pour tous", "{}", "Clique ici : {} dès ce soir", "mon ami dit que {} marche"],
    plain: [
      "Le bateau est encore en retard",
      "Merci pour cette belle soirée",
      "Qui joue aux échecs dimanche ?",
      "J'ai acheté du pain frais",
    ],
  },
  {
    language: "es",
    script: "latin",
    phrases: ["dinero rápido", "seguidores gratis", "apuestas seguras", "gana desde casa", "gilipollas", "préstamo urgente"],
    carriers: ["mira, {} para todos", "{}", "Pulsa aquí: {} desde hoy", "mi amigo dice que {} funciona"],
    plain: ["El barco llega tarde otra vez", "Gracias por la noche tan bonita", "¿Quién juega al ajedrez el domingo?", "Compré pan fresco"],
  },
  {
    language: "pt",
    script: "latin",
    phrases: ["dinheiro fácil", "ganhe seguidores", "aposta garantida", "renda extra", "otário", "empréstimo rápido"],
    carriers: ["olha, {} para todos", "{}", "Clique aqui: {} desde hoje", "meu amigo diz que {} funciona"],
    plain: ["O barco está atrasado outra vez", "Obrigado pela noite tão bonita", "Quem joga xadrez no domingo?", "Comprei pão fresco"],
  },
  {
    language: "tr",
    script: "latin",
    phrases: ["kolay para", "bedava takipçi", "bahis sitesi", "kumarhane", "şerefsiz", "hızlı kredi"],
    carriers: ["bak, {} herkes için", "{}", "Buraya tıkla: {} hemen", "arkadaşım {} gerçek diyor"],
    plain: ["Vapur yine geç kaldı", "Bu güzel akşam için teşekkürler", "Pazar günü kim satranç oynar?", "Taze ekmek aldım"],
  },
  {
    language: "vi",
    script: "latin",
    phrases: ["kiếm tiền nhanh", "cờ bạc trực tuyến", "vay tiền nóng", "tăng người theo dõi", "đồ ngu ngốc", "cá độ bóng đá"],
    carriers: ["xem này, {} cho mọi người", "{}", "Bấm vào đây: {} hôm nay", "bạn tôi nói {} là thật"],
    plain: ["Chuyến phà lại đến muộn", "Cảm ơn vì buổi tối tuyệt vời", "Ai chơi cờ vào chủ nhật?", "Tôi vừa mua bánh mì"],
  },
  {
    language: "ru",
    script: "cyrillic",
    phrases: ["лёгкие деньги", "казино", "накрутка подписчиков", "ставки на спорт", "придурок", "быстрый кредит"],
    carriers: ["смотри, {} для всех", "{}", "Жми сюда: {} уже сегодня", "мой друг говорит {} работает"],
    plain: ["Паром сегодня снова опаздывает", "Спасибо за прекрасный вечер", "Кто играет в шахматы в воскресенье?", "Я купил свежий хлеб"],
  },
  {
    language: "uk",
    script: "cyrillic",
    phrases: ["швидкі гроші", "азартні ігри", "накрутка підписників", "дешевий кредит", "бовдур", "робота вдома"],
    carriers: ["дивись, {} для всіх", "{}", "Тисни сюди: {} вже сьогодні", "мій друг каже {} працює"],
    plain: ["Пором знову запізнюється", "Дякую за чудовий вечір", "Хто грає в шахи в неділю?", "Я купив свіжий хліб"],
  },
  {
    language: "ar",
    script: "spaced",
    phrases: ["ربح سريع", "قمار", "متابعين مجانا", "قرض فوري", "حقير", "اموال سهلة"],
    carriers: ["انظر {} للجميع", "{}", "اضغط هنا: {} اليوم", "صديقي يقول {} حقيقي"],
    plain: ["العبارة متأخرة مرة أخرى", "شكرا على المساء الجميل", "من يلعب الشطرنج يوم الأحد؟", "اشتريت خبزا طازجا"],
  },
  {
    language: "hi",
    script: "spaced",
    phrases: ["आसान पैसा", "जुआ", "मुफ्त फॉलोअर्स", "तुरंत लोन", "कमीना", "सट्टा बाज़ार"],
    carriers: ["देखो {} सबके लिए", "{}", "यहाँ दबाओ: {} आज ही", "मेरा दोस्त कहता है {} सच है"],
    plain: ["नाव आज फिर देर से आई", "सुंदर शाम के लिए धन्यवाद", "रविवार को शतरंज कौन खेलेगा?", "मैंने ताज़ी रोटी खरीदी"],
  },
  {
    language: "zh",
    script: "dense",
    phrases: ["免费赚钱", "刷粉丝", "网络赌博", "高息贷款", "加微信领钱", "白痴"],
    carriers: ["大家快看{}真的", "{}", "点这里，{}只限今天", "我朋友说{}很好"],
    plain: ["渡轮今晚又晚点了", "谢谢你们美好的夜晚", "星期天谁来下棋", "我买了新鲜的面包"],
  },
  {
    language: "ja",
    script: "dense",
    phrases: ["簡単に稼げる", "フォロワー購入", "オンラインカジノ", "即日融資", "馬鹿野郎", "副業で月収"],
    carriers: ["みんな見て{}ですよ", "{}", "ここを押して、{}は今日だけ", "友達が{}と言った"],
    plain: ["フェリーは今夜も遅れています", "素敵な夜をありがとう", "日曜日に将棋をする人はいますか", "新しいパンを買いました"],
  },
  {
    language: "ko",
    script: "dense",
    phrases: ["쉬운 돈벌이", "팔로워 구매", "온라인 도박", "급전 대출", "멍청이", "고수익 알바"],
    carriers: ["여기 봐 {} 모두에게", "{}", "여기를 눌러: {} 오늘만", "친구가 {} 진짜라고 했어"],
    plain: ["배가 오늘도 늦게 옵니다", "멋진 저녁 고마워요", "일요일에 누가 체스를 두나요", "신선한 빵을 샀어요"],
  },
  {
    language: "th",
    script: "dense",
    phrases: ["หาเงินง่าย", "พนันออนไลน์", "ปั๊มผู้ติดตาม", "เงินกู้ด่วน", "ไอ้โง่", "หวยใต้ดิน"],
    carriers: ["ดูนี่{}สำหรับทุกคน", "{}", "กดที่นี่ {} วันนี้", "เพื่อนบอกว่า{}จริง"],
    plain: ["เรือข้ามฟากมาช้าอีกแล้ว", "ขอบคุณสำหรับค่ำคืนที่สวยงาม", "วันอาทิตย์ใครจะเล่นหมากรุก", "ฉันซื้อขนมปังสดใหม่"],
  },
];

/** Short words whose letters occur in many honest words. */
export const shortWords: readonly string[] = [
  ...["ass", "sex", "cum", "anal", "tit", "hell", "rape", "cock", "dick", "spam", "fail", "scam", "arse", "god", "bum", "lose", "penis"],
  ...[
    "arsch",
    "fick",
    "schon",
    "con",
    "cul",
    "bite",
    "pute",
    "ano",
    "puta",
    "culo",
    "coño",
    "cu",
    "foda",
    "sik",
    "am",
    "göt",
    "lồn",
    "cặc",
  ],
  ...["хуй", "бля", "сука", "рот", "хер", "كس", "زب", "चूत"],
];
