// The latent explorer: a map of codes; the code under the pointer is decoded here, by the trained weights.
"use strict";

(() => {
    const round = Math.fround;

    // ---- the decoder, in float32 as the library computes it -------------------------------------------------------

    /**
     * y_j = b_j + sum_k x_k w_jk. A product of two floats is exact in double, so adding it and rounding once is the fused
     * multiply-add of the library, but for the rare sum that lies halfway between two floats when rounded to double.
     */
    function linear(layer, x) {
        const { inputs, outputs, weight, bias } = layer;
        const y = new Float32Array(outputs);
        for (let j = 0, w = 0; j < outputs; j++) {
            let sum = 0;
            for (let k = 0; k < inputs; k++, w++) {
                sum = round(sum + x[k] * weight[w]);
            }
            y[j] = round(sum + bias[j]);
        }
        return y;
    }

    const layers = {
        linear,
        relu: (layer, x) => x.map((v) => (v > 0 ? v : 0)),
        prelu: ({ slope }, x) => x.map((v, j) => (v > 0 ? v : slope[slope.length === 1 ? 0 : j] * v)),
        sigmoid: (layer, x) => x.map((v) => 1 / round(1 + round(Math.exp(-v)))),
    };

    function decoder(described) {
        const net = described.map((layer) => {
            const ready = { ...layer };
            for (const name of ["weight", "bias", "slope"]) {
                if (name in layer) {
                    ready[name] = gradus.floats(layer[name]);
                }
            }
            return ready;
        });
        return (code) => net.reduce((x, layer) => layers[layer.kind](layer, x), Float32Array.from(code));
    }

    // ---- the map ---------------------------------------------------------------------------------------------------

    const MARGIN = { left: 44, right: 10, top: 10, bottom: 38 };
    const FONT = "system-ui, sans-serif";

    function minus(text) {
        return text.replace("-", "−");
    }

    /** Ticks at multiples of 1, 2 or 5 times a power of ten, about six of them. */
    function ticks(lo, hi) {
        const rough = (hi - lo) / 6;
        const power = 10 ** Math.floor(Math.log10(rough));
        const step = power * [1, 2, 5, 10].find((m) => m * power >= rough);
        const found = [];
        for (let i = Math.ceil(lo / step); i * step <= hi; i++) {
            // As many digits as i and the step have between them: enough to tell it from its neighbours.
            const digits = Math.max(6, String(Math.abs(i)).length + 1);
            found.push({ at: i * step, text: minus(String(Number((i * step).toPrecision(Math.min(17, digits))))) });
        }
        return found;
    }

    function angleTicks(lo, step, texts) {
        return texts.map((text, i) => ({ at: lo + i * step, text }));
    }

    class Explorer {
        constructor(section, data) {
            this.sphere = data.sphere;
            this.names = data.sphere ? ["theta", "phi"] : ["z1", "z2"];
            this.limits = [data.limits.slice(0, 2), data.limits.slice(2, 4)];
            this.map = gradus.floats(data.map);
            this.labels = data.labels;
            this.decode = decoder(data.layers);
            this.canvas = section.querySelector("canvas.map");
            this.image = section.querySelector("canvas.image");
            this.output = section.querySelector("output");
            this.sliders = [...section.querySelectorAll("input")];
            this.background = document.createElement("canvas");
            this.at = [this.map[0], this.map[1]];
            this.ticks = data.sphere
                ? [
                      angleTicks(0, Math.PI / 6, ["0", "π/6", "π/3", "π/2", "2π/3", "5π/6", "π"]),
                      angleTicks(-Math.PI, Math.PI / 3, ["−π", "−2π/3", "−π/3", "0", "π/3", "2π/3", "π"]),
                  ]
                : this.limits.map(([lo, hi]) => ticks(lo, hi));
            this.listen();
            this.drawBackground();
            this.show();
        }

        /** The code at a place of the map: the place itself, or the point of the sphere with these angles. */
        code([a, b]) {
            return Float32Array.from(
                this.sphere ? [Math.sin(a) * Math.sin(b), Math.sin(a) * Math.cos(b), Math.cos(a)] : [a, b],
            );
        }

        listen() {
            const { canvas, sliders } = this;
            const point = (event) => {
                const box = canvas.getBoundingClientRect();
                this.moveTo([
                    this.value(0, (event.clientX - box.left - MARGIN.left) / this.width()),
                    this.value(1, 1 - (event.clientY - box.top - MARGIN.top) / this.height()),
                ]);
            };
            canvas.addEventListener("pointermove", point);
            canvas.addEventListener("pointerdown", point);
            canvas.addEventListener("keydown", (event) => {
                const direction = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowDown: [0, -1], ArrowUp: [0, 1] }[event.key];
                if (direction && !event.altKey && !event.ctrlKey && !event.metaKey) {
                    event.preventDefault();
                    const share = event.shiftKey ? 0.1 : 0.01;
                    this.moveTo(this.at.map((v, i) => v + direction[i] * share * this.range(i)));
                }
            });
            sliders.forEach((slider, i) => {
                [slider.min, slider.max] = this.limits[i];
                slider.addEventListener("input", () => {
                    const place = [...this.at];
                    place[i] = Number(slider.value);
                    this.moveTo(place);
                });
            });
            new ResizeObserver(() => {
                this.drawBackground();
                this.show();
            }).observe(canvas);
            gradus.onScheme(() => {
                this.drawBackground();
                this.show();
            });
        }

        range(axis) {
            return this.limits[axis][1] - this.limits[axis][0];
        }

        value(axis, fraction) {
            return this.limits[axis][0] + Math.min(1, Math.max(0, fraction)) * this.range(axis);
        }

        width() {
            return this.canvas.clientWidth - MARGIN.left - MARGIN.right;
        }

        height() {
            return this.canvas.clientHeight - MARGIN.top - MARGIN.bottom;
        }

        x(a) {
            return MARGIN.left + ((a - this.limits[0][0]) / this.range(0)) * this.width();
        }

        y(b) {
            return MARGIN.top + (1 - (b - this.limits[1][0]) / this.range(1)) * this.height();
        }

        /**
         * Goes to a place of the map, or the nearest on it; on the sphere, phi goes on round it. Drawn with the next frame,
         * however many moves come before.
         */
        moveTo(place) {
            if (this.sphere && Math.abs(place[1]) > Math.PI) {
                place[1] -= 2 * Math.PI * Math.sign(place[1]);
            }
            this.at = place.map((v, i) => Math.min(this.limits[i][1], Math.max(this.limits[i][0], v)));
            if (!this.pending) {
                this.pending = true;
                requestAnimationFrame(() => {
                    this.pending = false;
                    this.show();
                });
            }
        }

        nearestLabel() {
            let nearest = 0;
            let least = Infinity;
            const across = this.range(0);
            const up = this.range(1);
            for (let i = 0; i < this.labels.length; i++) {
                const d =
                    ((this.map[2 * i] - this.at[0]) / across) ** 2 + ((this.map[2 * i + 1] - this.at[1]) / up) ** 2;
                if (d < least) {
                    least = d;
                    nearest = i;
                }
            }
            return this.labels[nearest];
        }

        // ---- drawing -----------------------------------------------------------------------------------------------

        /** Sizes a canvas to the pixels of the screen and returns its context in CSS pixels. */
        prepare(canvas) {
            const scale = devicePixelRatio;
            canvas.width = Math.round(this.canvas.clientWidth * scale);
            canvas.height = Math.round(this.canvas.clientHeight * scale);
            const pen = canvas.getContext("2d");
            pen.setTransform(scale, 0, 0, scale, 0, 0);
            return pen;
        }

        drawBackground() {
            const pen = this.prepare(this.background);
            const right = MARGIN.left + this.width();
            const bottom = MARGIN.top + this.height();
            pen.strokeStyle = gradus.colour("rule");
            pen.fillStyle = gradus.colour("quiet");
            pen.lineWidth = 1;
            pen.font = "12px " + FONT;
            pen.textAlign = "center";
            pen.textBaseline = "top";
            for (const { at, text } of this.ticks[0]) {
                this.line(pen, this.x(at), MARGIN.top, this.x(at), bottom);
                pen.fillText(text, this.x(at), bottom + 5);
            }
            pen.textAlign = "right";
            pen.textBaseline = "middle";
            for (const { at, text } of this.ticks[1]) {
                this.line(pen, MARGIN.left, this.y(at), right, this.y(at));
                pen.fillText(text, MARGIN.left - 5, this.y(at));
            }
            pen.textAlign = "center";
            pen.textBaseline = "bottom";
            pen.fillText(this.names[0], (MARGIN.left + right) / 2, this.canvas.clientHeight - 2);
            pen.save();
            pen.translate(2, (MARGIN.top + bottom) / 2);
            pen.rotate(-Math.PI / 2);
            pen.textBaseline = "top";
            pen.fillText(this.names[1], 0, 0);
            pen.restore();

            pen.font = "bold 13px " + FONT;
            pen.textBaseline = "middle";
            pen.globalAlpha = 0.85;
            const colours = Array.from({ length: 10 }, (_, digit) => gradus.colour("digit" + digit));
            for (let i = 0; i < this.labels.length; i++) {
                pen.fillStyle = colours[this.labels[i]];
                pen.fillText(this.labels[i], this.x(this.map[2 * i]), this.y(this.map[2 * i + 1]));
            }
        }

        line(pen, x1, y1, x2, y2) {
            pen.beginPath();
            pen.moveTo(x1, y1);
            pen.lineTo(x2, y2);
            pen.stroke();
        }

        show() {
            this.drawMap();
            this.pixels = this.decode(this.code(this.at));
            this.drawImage();
            // A thousandth, or a thousandth of a narrow axis.
            const decimals = this.limits.map(([lo, hi]) => Math.max(3, 3 - Math.floor(Math.log10(hi - lo))));
            const [a, b] = this.at.map((v, i) => minus(v.toFixed(Math.min(17, decimals[i]))));
            this.output.textContent =
                `${this.names[0]} = ${a}, ${this.names[1]} = ${b}; the nearest digit on the map is a ${this.nearestLabel()}`;
            this.sliders.forEach((slider, i) => {
                slider.value = this.at[i];
                slider.setAttribute("aria-valuetext", i === 0 ? a : b);
            });
        }

        drawMap() {
            const pen = this.prepare(this.canvas);
            if (this.background.width > 0 && this.background.height > 0) {
                pen.drawImage(this.background, 0, 0, this.canvas.clientWidth, this.canvas.clientHeight);
            }
            const x = this.x(this.at[0]);
            const y = this.y(this.at[1]);
            pen.strokeStyle = gradus.colour("accent");
            pen.lineWidth = 1;
            this.line(pen, x, MARGIN.top, x, MARGIN.top + this.height());
            this.line(pen, MARGIN.left, y, MARGIN.left + this.width(), y);
            for (const [width, colour] of [[7, "panel"], [3, "accent"]]) {
                pen.lineWidth = width;
                pen.strokeStyle = gradus.colour(colour);
                pen.beginPath();
                pen.arc(x, y, 11, 0, 2 * Math.PI);
                pen.stroke();
            }
        }

        /** Black is 0 and white 1, for every code. */
        drawImage() {
            const side = Math.sqrt(this.pixels.length);
            this.image.width = side;
            this.image.height = side;
            const grey = new ImageData(side, side);
            this.pixels.forEach((v, i) => {
                grey.data.fill(Math.round(255 * v), 4 * i, 4 * i + 3);
                grey.data[4 * i + 3] = 255;
            });
            this.image.getContext("2d").putImageData(grey, 0, 0);
        }
    }

    gradus.explorer = (id, data) => {
        gradus.explorers[id] = new Explorer(document.getElementById(id + "-explorer"), data);
    };
})();
