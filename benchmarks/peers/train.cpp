// Trains one network in libtorch, without Python: what PyTorch does where nothing but its own C++ stands in its way. One line of JSON
// tells the seconds of each epoch and evaluation, the losses, and which libtorch and which BLAS it was.
//
//   benchmarks/peers/build [--python PATH] OUT      builds it, with pip's torch or the system's libtorch-dev; with the latter by hand:
//   g++ -std=c++20 -O3 -march=native -fopenmp -I/usr/include/torch/csrc/api/include -o train benchmarks/peers/train.cpp
//       -ltorch -ltorch_cpu -lc10 -ldl -Wl,--unresolved-symbols=ignore-in-shared-libs
//
//   train --mnist FOLDER --net 784-2:prelu-784:sigmoid --loss bce --batch 64 --threads 1 --epochs 2
//   train --version
//
// FOLDER holds MNIST's image files uncompressed. The network is written as for `gradus train`. The first weights are those of
// torch.manual_seed(0), the order of the images that of numpy.random.seed(0) and permutation: with the same start and the same
// batches the losses are comparable with those of PyTorch in Python and of Gradus. Its best foot first: Adam is the fused one,
// denormal numbers are flushed to zero, and evaluation needs neither gradients nor all 60,000 images in memory at a time.
#include <torch/torch.h>
#include <torch/version.h>

#include <dlfcn.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <iterator>
#include <numeric>
#include <optional>
#include <random>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#if TORCH_VERSION_MAJOR * 100 + TORCH_VERSION_MINOR < 204
#error "this libtorch has no fused Adam for processors; 2.4 or newer has"
#endif

namespace {

constexpr int64_t PIXELS = 784;
constexpr int64_t EVALUATED_AT_A_TIME = 1000;  // activations of so many images stay in the caches

struct Options {
    std::string mnist, net, loss = "bce";
    int64_t batch = 64, epochs = 2;
    int threads = 1;
};

[[noreturn]] void refuse(const std::string& problem) {
    throw std::invalid_argument(problem);
}

int64_t positive(const std::string& name, const std::string& text) {
    char* end = nullptr;
    long long value = std::strtoll(text.c_str(), &end, 10);
    if (text.empty() || *end != 0 || value < 1) refuse(name + " is '" + text + "' but must be a whole number, 1 or more");
    return value;
}

std::vector<std::string> split(const std::string& text, char separator) {
    std::vector<std::string> parts;
    std::stringstream stream(text);
    for (std::string part; std::getline(stream, part, separator);) parts.push_back(part);
    return parts;
}

// ---- which libraries these are

std::string blas() {
    using Text = char* (*)();
    if (auto config = reinterpret_cast<Text>(dlsym(RTLD_DEFAULT, "openblas_get_config"))) {
        std::string text = config();  // "OpenBLAS 0.3.34 NO_LAPACKE DYNAMIC_ARCH ... Haswell MAX_THREADS=64"
        return text.substr(0, text.find(' ', text.find(' ') + 1));
    }
    if (auto version = reinterpret_cast<void (*)(char*, int)>(dlsym(RTLD_DEFAULT, "mkl_get_version_string"))) {
        char text[200] = {};
        version(text, sizeof text - 1);
        std::string long_text = text;  // "Intel(R) oneAPI Math Kernel Library Version 2025.3-Product Build ..."
        auto at = long_text.find("Version ");
        return "MKL " + (at == std::string::npos ? long_text : long_text.substr(at + 8, long_text.find_first_of("- ", at + 8) - at - 8));
    }
    std::string config = at::show_config();  // pip's torch has MKL inside, where no other program sees it
    auto inside = config.find("Math Kernel Library Version ");
    if (inside != std::string::npos) return "MKL " + config.substr(inside + 28, config.find_first_of("- ", inside + 28) - inside - 28);
    Dl_info info;
    void* product = dlsym(RTLD_DEFAULT, "sgemm_");
    return product != nullptr && dladdr(product, &info) != 0 ? info.dli_fname : "an unknown BLAS";
}

std::string versions() {
    return std::string("\"torch\": \"") + TORCH_VERSION + "\", \"blas\": \"" + blas() + "\", \"simd\": \"" + at::get_cpu_capability() + "\"";
}

// ---- data

torch::Tensor images(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    if (!file) refuse("cannot read " + path + "; --mnist names a folder with MNIST's image files, uncompressed");
    std::vector<char> bytes{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
    int64_t count = (static_cast<int64_t>(bytes.size()) - 16) / PIXELS;
    if (count < 1 || count * PIXELS + 16 != static_cast<int64_t>(bytes.size())) refuse(path + " is no file of images of 28 by 28 bytes");
    return torch::from_blob(bytes.data() + 16, {count, PIXELS}, torch::kUInt8).to(torch::kFloat32).div_(255);
}

// NumPy's RandomState(0).permutation, whose stream is std::mt19937's.
class Shuffler {
public:
    torch::Tensor permutation(int64_t count) {
        torch::Tensor order = torch::arange(count, torch::kInt64);
        auto* at = order.data_ptr<int64_t>();
        for (int64_t i = count - 1; i > 0; i--) std::swap(at[i], at[upTo(static_cast<uint32_t>(i))]);
        return order;
    }

private:
    uint32_t upTo(uint32_t most) {
        uint32_t mask = most;
        for (int shift = 1; shift < 32; shift *= 2) mask |= mask >> shift;
        uint32_t value;
        do value = static_cast<uint32_t>(stream()) & mask;
        while (value > most);
        return value;
    }

    std::mt19937 stream{0};
};

// ---- the network

enum class Activation { NONE, RELU, PRELU, SIGMOID };

struct Layer {
    torch::Tensor weight, bias, slope;
    Activation activation = Activation::NONE;
    bool normalised = false;
};

class Network {
public:
    explicit Network(const std::string& specification) {
        auto parts = split(specification, '-');
        if (parts.size() < 2) refuse("--net is '" + specification + "' but must have two widths or more, as 784-2:prelu-784:sigmoid has");
        int64_t in = positive("a width of --net", parts[0]);
        for (size_t i = 1; i < parts.size(); i++) {
            auto words = split(parts[i], ':');
            int64_t out = positive("a width of --net", words[0]);
            add(in, out, words.size() > 1 ? words[1] : "");
            in = out;
        }
    }

    torch::Tensor forward(torch::Tensor x) const {
        for (const Layer& layer : layers) {
            x = at::linear(x, layer.weight, layer.bias);
            switch (layer.activation) {
                case Activation::NONE: break;
                case Activation::RELU: x = at::relu(x); break;
                case Activation::PRELU: x = at::prelu(x, layer.slope); break;
                case Activation::SIGMOID: x = at::sigmoid(x); break;
            }
            if (layer.normalised) x = x / at::linalg_vector_norm(x, 2, {1}, true).clamp_min(1e-12);
        }
        return x;
    }

    std::vector<torch::Tensor> parameters;

private:
    void add(int64_t in, int64_t out, const std::string& activations) {
        torch::nn::Linear drawn(in, out);  // weight and bias as in Python, from the same stream
        Layer layer{drawn->weight, drawn->bias, {}};
        parameters.insert(parameters.end(), {layer.weight, layer.bias});
        for (const auto& word : split(activations, '+')) {
            if (word == "relu") layer.activation = Activation::RELU;
            else if (word == "sigmoid") layer.activation = Activation::SIGMOID;
            else if (word == "normalize") layer.normalised = true;
            else if (word == "prelu") {
                layer.activation = Activation::PRELU;
                layer.slope = torch::full({1}, 0.25F).requires_grad_();
                parameters.push_back(layer.slope);
            } else refuse("--net has '" + word + "'; there are relu, prelu, sigmoid and normalize");
        }
        layers.push_back(layer);
    }

    std::vector<Layer> layers;
};

// ---- training

class FusedAdam {
public:
    explicit FusedAdam(std::vector<torch::Tensor> tensors) : parameters(std::move(tensors)) {
        for (const auto& p : parameters) {
            means.push_back(torch::zeros_like(p.detach()));
            squares.push_back(torch::zeros_like(p.detach()));
            steps.push_back(torch::zeros({}, torch::kFloat32));
        }
    }

    void zeroGrad() {
        for (auto& p : parameters) p.mutable_grad().reset();
    }

    void step() {
        torch::NoGradGuard without_gradients;
        gradients.clear();
        for (const auto& p : parameters) gradients.push_back(p.grad());
        at::_foreach_add_(steps, 1);
        at::_fused_adam_(parameters, gradients, means, squares, {}, steps, 1e-3, 0.9, 0.999, 0.0, 1e-8, false, false);
    }

private:
    std::vector<torch::Tensor> parameters, gradients, means, squares, steps;
};

class Training {
public:
    explicit Training(const Options& options)
        : batch(options.batch), mse(options.loss == "mse"), train(images(options.mnist + "/train-images-idx3-ubyte")),
          test(images(options.mnist + "/t10k-images-idx3-ubyte")), network(seeded(options.net)), adam(network.parameters) {}

    void epoch() {
        int64_t count = train.size(0);
        torch::Tensor order = shuffler.permutation(count), room = torch::empty({batch, PIXELS});
        for (int64_t from = 0; from < count; from += batch) {
            int64_t some = std::min(batch, count - from);
            torch::Tensor x = room.narrow(0, 0, some);
            at::index_select_out(x, train, 0, order.narrow(0, from, some));
            torch::Tensor loss = lossOf(network.forward(x), x);
            adam.zeroGrad();
            loss.backward();
            adam.step();
        }
    }

    double trainLoss() const { return evaluated(train); }

    double testLoss() const { return evaluated(test); }

private:
    static Network seeded(const std::string& specification) {
        torch::manual_seed(0);
        return Network(specification);
    }

    torch::Tensor lossOf(const torch::Tensor& y, const torch::Tensor& x) const {
        return mse ? at::mse_loss(y, x) : at::binary_cross_entropy(y, x);
    }

    double evaluated(const torch::Tensor& set) const {
        c10::InferenceMode without_gradients;
        double sum = 0;
        for (int64_t from = 0; from < set.size(0); from += EVALUATED_AT_A_TIME) {
            torch::Tensor x = set.narrow(0, from, std::min(EVALUATED_AT_A_TIME, set.size(0) - from));
            sum += lossOf(network.forward(x), x).item<double>() * static_cast<double>(x.size(0));
        }
        return sum / static_cast<double>(set.size(0));
    }

    int64_t batch;
    bool mse;
    torch::Tensor train, test;
    Network network;
    FusedAdam adam;
    Shuffler shuffler;
};

double secondsOf(const std::function<void()>& work) {
    auto start = std::chrono::steady_clock::now();
    work();
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

std::string list(const std::vector<double>& numbers) {
    std::string text;
    char number[32];
    for (double n : numbers) {
        std::snprintf(number, sizeof number, "%s%.4f", text.empty() ? "" : ", ", n);
        text += number;
    }
    return "[" + text + "]";
}

std::optional<Options> parsed(const std::vector<std::string>& words) {
    Options options;
    for (size_t i = 0; i < words.size(); i++) {
        const std::string& name = words[i];
        if (name == "--version") return std::nullopt;
        if (i + 1 == words.size()) refuse(name + " has no value");
        const std::string& value = words[++i];
        if (name == "--mnist") options.mnist = value;
        else if (name == "--net") options.net = value;
        else if (name == "--loss") options.loss = value;
        else if (name == "--batch") options.batch = positive(name, value);
        else if (name == "--epochs") options.epochs = positive(name, value);
        else if (name == "--threads") options.threads = static_cast<int>(positive(name, value));
        else refuse("no option " + name + "; there are --mnist, --net, --loss, --batch, --threads, --epochs and --version");
    }
    if (options.mnist.empty() || options.net.empty()) refuse("--mnist and --net are needed");
    if (options.loss != "mse" && options.loss != "bce") refuse("--loss is '" + options.loss + "' but must be mse or bce");
    return options;
}

}  // namespace

int main(int count, char** words) {
    try {
        auto options = parsed({words + 1, words + count});
        if (!options) {
            std::printf("{%s}\n", versions().c_str());
            return 0;
        }
        at::globalContext().setFlushDenormal(true);
        at::set_num_threads(options->threads);
        Training training(*options);
        std::vector<double> train_s, eval_s;
        double train_loss = 0, test_loss = 0;
        for (int64_t e = 0; e < options->epochs; e++) {
            train_s.push_back(secondsOf([&] { training.epoch(); }));
            eval_s.push_back(secondsOf([&] {
                train_loss = training.trainLoss();
                test_loss = training.testLoss();
            }));
        }
        std::printf("{%s, \"threads\": %d, \"train_s\": %s, \"eval_s\": %s, \"loss\": [%.9g, %.9g]}\n", versions().c_str(), options->threads,
                    list(train_s).c_str(), list(eval_s).c_str(), train_loss, test_loss);
        return 0;
    } catch (const std::exception& problem) {
        std::fprintf(stderr, "train: %s\n", problem.what());
        return 2;
    }
}
