// What only the browser knows of a PC: its voices, what is kept in it, its clock. Nothing of it is sent anywhere.

const page = document.querySelector(".station");
const place = (name) => page.querySelector("[data-about=" + name + "]");

function say(name, text, good) {
  const line = place(name);
  line.textContent = text;
  line.classList.add(good ? "good" : "bad");
}

function words(name, key, count) {
  return place(name).dataset[key].replace("#", count);
}

function aboutVoices() {
  const names = (lang) =>
    window.speechSynthesis
      .getVoices()
      .filter((voice) => voice.localService && voice.lang.toLowerCase().startsWith(lang))
      .map((voice) => voice.name);
  ["fr", "nl", "en"].forEach((lang) => {
    const found = window.speechSynthesis ? names(lang) : [];
    const line = "voice-" + lang;
    place(line).className = "";
    say(line, found.length ? found.join(", ") : words(line, "none"), found.length > 0);
  });
}

function aboutStorage() {
  // The name of this visit and its end are kept by every page; what else there is was left by someone.
  const own = ["catalogue.visit", "catalogue.first", "catalogue.until"];
  const left = [sessionStorage, localStorage].reduce(
    (sum, store) => sum + Object.keys(store).filter((key) => !own.includes(key)).length,
    document.cookie ? 1 : 0,
  );
  say("storage", words("storage", left ? "left" : "empty", left), left === 0);
}

function aboutClock() {
  const off = Math.round((Date.now() - Number(page.dataset.serverTime)) / 1000);
  say("clock", words("clock", "off", off), Math.abs(off) < 60);
}

say("script", words("script", "yes"), true);
place("browser").textContent = navigator.userAgent;
place("screen").textContent = innerWidth + " × " + innerHeight + ", × " + devicePixelRatio;
aboutClock();
try {
  aboutStorage();
} catch (refused) {
  say("storage", words("storage", "refused"), false);
}
aboutVoices();
if (window.speechSynthesis) window.speechSynthesis.addEventListener("voiceschanged", aboutVoices);
page.querySelector("[data-print]").addEventListener("click", () => window.print());
