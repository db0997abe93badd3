/** A selection of emoji, much smaller than the full Unicode set, so that the right one is easy to find. */
export const groups = {
  smileys: "😀 😁 😂 🤣 😊 😇 🙂 😉 😍 🥰 😘 😋 😜 🤔 🤨 😐 😶 🙄 😏 😴 🤒 🥵 🥶 🥳 😎 🤓 😕 😟 😮 😳 🥺 😢 😭 😱 😤 😡 🤯 😬 🤗 🤭 🤫",
  people: "👍 👎 👌 ✌️ 🤞 🤙 👋 ✋ 👏 🙌 🙏 💪 🤝 👀 🧠 🤷 🤦 🙋 💃 🕺 👶 👨‍👩‍👧 ✍️",
  nature: "🐶 🐱 🐭 🐰 🦊 🐻 🐼 🐨 🐸 🐵 🐔 🐧 🦉 🦄 🐝 🦋 🐢 🐟 🌱 🌳 🌸 🌹 🌻 🍀 ☀️ 🌙 ⭐ ☁️ 🌧️ ❄️ 🌈 🌊",
  food: "🍎 🍌 🍓 🍉 🍋 🥑 🍅 🥕 🍞 🧀 🍕 🍔 🍟 🌮 🍜 🍣 🍰 🎂 🍫 🍪 ☕ 🍵 🍺 🍷",
  activities: "⚽ 🏀 🎾 🏆 🎮 🎲 🎯 🎨 🎵 🎸 🎤 🎬 🎧 🏃 🚴 🏊 🧘 🎁 🎉 🎈",
  places: "🏠 🏢 🏫 🏖️ ⛰️ 🌍 🚗 🚌 🚆 ✈️ 🚀 🚲 ⛵ 🗺️ 🏕️",
  objects: "📱 💻 ⌨️ 📷 💡 🔋 📚 ✏️ 📎 📅 ✉️ 🔒 🔑 🔧 💊 💰 ⏰ 🛒 👓",
  symbols: "❤️ 🧡 💛 💚 💙 💜 🖤 💔 💯 ✨ 🔥 💥 💤 ✅ ❌ ❓ ❗ ⚠️ ➕ ♻️ 🔴 🟢 🏁",
} as const;

export type EmojiGroup = keyof typeof groups;

export const groupNames = Object.keys(groups) as EmojiGroup[];

/** All emoji, in the order in which each language file names them. */
export const everyEmoji: readonly string[] = groupNames.flatMap((name) => groups[name].split(" "));
