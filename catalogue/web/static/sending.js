// A file on its way to the centre. `words`: the dataset of `_upload_words.html`.

// What is wrong with a file before it is sent; empty where nothing is. `endings`: those that fit (default: all).
export function wrongWith(file, words, endings) {
  const most = JSON.parse(words.most);
  const ending = file.name.slice(file.name.lastIndexOf(".")).toLowerCase();
  if (!(ending in most)) return words.other.replace("{endings}", Object.keys(most).join(", "));
  if (endings && !endings.includes(ending)) return words.otherKind.replace("{endings}", endings.join(", "));
  return file.size > most[ending] * 1e6 ? words.tooLarge.replace("{most}", most[ending]) : "";
}

// Sends a form with its file; `said` is told how far it is. Gives the answer; an Error says why the file was refused.
export function send(address, body, words, said) {
  return new Promise((done, refused) => {
    const request = new XMLHttpRequest();
    request.open("POST", address);
    request.setRequestHeader("Accept", "application/json");
    let shown = 0;
    said(words.sending.replace("{percent}", 0));
    request.upload.addEventListener("progress", ({ loaded, total }) => {
      const percent = Math.floor((100 * loaded) / total);
      // A screen reader reads each change: every tenth is enough.
      if (percent >= shown + 10) said(words.sending.replace("{percent}", (shown = percent)));
    });
    request.upload.addEventListener("load", () => said(words.checking));
    request.addEventListener("load", () => {
      const answer = parsed(request.responseText);
      const elsewhere = new URL(request.responseURL).pathname !== new URL(address, location.href).pathname;
      if (request.status === 201) done(answer);
      else if (elsewhere) refused(new Error(words.signedOut)); // led to the page where one signs in
      else refused(new Error(answer.error?.message ?? words.broken));
    });
    request.addEventListener("error", () => refused(new Error(words.broken)));
    request.send(body);
  });
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}
