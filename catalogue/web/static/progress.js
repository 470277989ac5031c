// Long work: how far it is shows by itself.

const progress = document.querySelector("#progress[data-live]");
if (progress) {
  const look = async () => {
    try {
      const response = await fetch(location.pathname);
      const page = new DOMParser().parseFromString(await response.text(), "text/html");
      const fresh = page.getElementById("progress");
      if (!fresh) return location.reload();
      for (const name of ["progress", "h2", "h2 + p", "progress + p"]) {
        const [old, now] = [progress.querySelector(name), fresh.querySelector(name)];
        if (Boolean(old) !== Boolean(now)) return location.reload();
        if (!old) continue;
        if (name === "progress") old.value = now.value;
        else if (old.textContent !== now.textContent) old.textContent = now.textContent;
      }
    } catch {
      // The site is being started again: the next look finds it.
    }
    setTimeout(look, 1500);
  };
  setTimeout(look, 1500);
}
