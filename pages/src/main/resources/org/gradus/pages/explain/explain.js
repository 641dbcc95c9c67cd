// Shows one slide at a time and, in the drawing, what has been computed up to it. Without this all slides stand below each other.
"use strict";

(() => {
    const slides = [...document.querySelectorAll(".slide")];
    const links = [...document.querySelectorAll(".controls a")];
    const list = document.querySelector(".controls ol");
    const back = document.getElementById("back");
    const next = document.getElementById("next");
    const spoken = document.getElementById("spoken");
    const drawing = document.querySelector(".drawing");
    let shown = -1;

    /** No element has this as its id: the browser would scroll to it. */
    const address = (slide) => slide.id.replace("slide-", "");

    const numbersOf = (element, name) => element.dataset[name].split(" ").map(Number);

    function draw() {
        for (const part of document.querySelectorAll(".graph [data-from]")) {
            part.classList.toggle("future", Number(part.dataset.from) > shown);
        }
        let middle = null;
        for (const part of document.querySelectorAll(".graph [data-now]")) {
            const now = numbersOf(part, "now").includes(shown);
            part.classList.toggle("now", now);
            if (now && part.matches(".arrow:not(.target)")) {
                const box = part.getBoundingClientRect();
                middle = (box.left + box.right) / 2;
            }
        }
        if (middle !== null) {
            const frame = drawing.getBoundingClientRect();
            drawing.scrollLeft += middle - (frame.left + frame.right) / 2;
        }
    }

    /** Changes what is shown; the address follows, so that it can be kept and sent. */
    function show(index) {
        const to = Math.max(0, Math.min(slides.length - 1, index));
        if (to === shown) {
            return;
        }
        shown = to;
        slides.forEach((slide, i) => slide.classList.toggle("shown", i === shown));
        links.forEach((link, i) => {
            link.parentElement.classList.toggle("done", i < shown);
            if (i === shown) {
                link.setAttribute("aria-current", "step");
            } else {
                link.removeAttribute("aria-current");
            }
        });
        const item = links[shown].parentElement;
        list.scrollLeft = item.offsetLeft - list.offsetLeft - (list.clientWidth - item.clientWidth) / 2;
        back.disabled = shown === 0;
        next.disabled = shown === slides.length - 1;
        spoken.textContent = "Slide " + (shown + 1) + " of " + slides.length + ": "
            + slides[shown].querySelector("h2").textContent;
        history.replaceState(null, "", "#" + address(slides[shown]));
        draw();
    }

    function showAddress() {
        const index = slides.findIndex((slide) => location.hash.replace("slide-", "") === "#" + address(slide));
        show(index < 0 ? Math.max(0, shown) : index);
    }

    // A presenter's remote control sends the page keys.
    const keys = {
        ArrowRight: () => shown + 1,
        PageDown: () => shown + 1,
        ArrowLeft: () => shown - 1,
        PageUp: () => shown - 1,
        Home: () => 0,
        End: () => slides.length - 1,
    };

    document.addEventListener("keydown", (event) => {
        if (event.key in keys && !event.altKey && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
            event.preventDefault();
            show(keys[event.key]());
        }
    });
    back.addEventListener("click", () => show(shown - 1));
    next.addEventListener("click", () => show(shown + 1));
    links.forEach((link, i) => {
        link.addEventListener("click", (event) => {
            event.preventDefault();
            show(i);
        });
    });
    addEventListener("hashchange", showAddress);

    // ---- the number under the pointer ------------------------------------------------------------------------------

    const arrays = JSON.parse(document.getElementById("numbers").textContent).arrays;

    /** One little-endian float of an array in Base64. */
    function element(name, index) {
        const bytes = atob(arrays[name]);
        const view = new DataView(new ArrayBuffer(4));
        for (let b = 0; b < 4; b++) {
            view.setUint8(b, bytes.charCodeAt(4 * index + b));
        }
        return 4 * index < bytes.length ? view.getFloat32(0, true) : NaN;
    }

    for (const figure of document.querySelectorAll("figure[data-array]")) {
        const picture = figure.querySelector("img");
        const range = figure.querySelector(".range");
        if (!picture) {
            continue;
        }
        const text = range.textContent;
        const columns = Number(figure.dataset.columns);
        figure.addEventListener("pointermove", (event) => {
            const box = picture.getBoundingClientRect();
            const size = box.width / columns;
            const column = Math.floor((event.clientX - box.left) / size);
            const row = Math.floor((event.clientY - box.top) / size);
            const inside = column >= 0 && column < columns && row >= 0;
            const value = inside ? element(figure.dataset.array, row * columns + column) : NaN;
            range.textContent = Number.isNaN(value)
                ? text
                : "[" + (row * columns + column) + "] " + String(Number(value.toPrecision(4))).replaceAll("-", "−");
        });
        figure.addEventListener("pointerleave", () => {
            range.textContent = text;
        });
    }

    document.documentElement.classList.add("js");
    showAddress();
})();
