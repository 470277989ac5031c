// However printing is asked for, the browser says so before it shows its dialog.

import { tell } from "./counting.js";

window.addEventListener("beforeprint", () => tell("print"));
