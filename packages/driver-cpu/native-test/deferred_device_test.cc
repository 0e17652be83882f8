// A device that works like a GPU: `run` records, and a thread of the device computes later. The
// engine has to record the next pass in the meantime, to settle every pass once, and to wait for
// the device when the engine closes.
#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <cstring>
#include <deque>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>

#include "engine/device.h"
#include "engine/engine.h"
#include "engine/error.h"
#include "native-test/check.h"

namespace test {
namespace {

using namespace ripvec;

constexpr size_t kBytes = 64;

/** What the test observes and controls of a device that the engine owns. */
struct Control {
  std::mutex mutex;
  std::condition_variable changed;
  bool may_run = false;
  bool fails = false;
  int recorded_passes = 0;

  void set(bool& flag) {
    const std::lock_guard lock(mutex);
    flag = true;
    changed.notify_all();
  }
};

class DeferredDevice final : public Device {
 public:
  explicit DeferredDevice(std::shared_ptr<Control> control)
      : control_(std::move(control)), thread_([this] { work(); }) {}
  ~DeferredDevice() override {
    if (thread_.joinable()) close();
  }

  std::unique_ptr<DeviceWeight> open_weight(const WeightShape&, std::vector<FileRange>,
                                            ScaleBytes) override {
    return nullptr;
  }
  std::unique_ptr<DeviceWeight> read_weight(const WeightShape&, std::span<const std::byte>,
                                            ScaleBytes) override {
    return nullptr;
  }
  void prepare_weight(DeviceWeight&) noexcept override {}
  void begin_pass() override {}
  void grow_arena(size_t bytes, bool) override {
    arena_bytes_ = bytes;
    record([this, bytes] {
      Memory larger(bytes);
      std::copy_n(arena_.data(), arena_.size(), larger.data());
      arena_ = std::move(larger);
    });
  }
  size_t arena_bytes() const noexcept override { return arena_bytes_; }
  void copy_in(Memory) override {}
  /** The only command is `fill`. */
  void run(const Command& command, const Weights&) override {
    record([this, place = command.place(0), bytes = command.size(0), value = command.size(1)] {
      std::memset(arena_.data() + place.offset, static_cast<int>(value),
                  static_cast<size_t>(bytes));
    });
  }
  void copy_out(const ResultPlace& result, Done done) override {
    record([this, result, done = std::move(done)] {
      if (control_->fails) {
        return done({}, std::make_exception_ptr(device_error("the device was lost")));
      }
      Memory copy(result.bytes);
      std::copy_n(arena_.data() + result.place.offset, result.bytes, copy.data());
      done(std::move(copy), nullptr);
    });
    const std::lock_guard lock(control_->mutex);
    control_->recorded_passes++;
    control_->changed.notify_all();
  }
  void close() noexcept override {
    control_->set(closing_);
    thread_.join();
  }

 private:
  void record(std::function<void()> step) {
    const std::lock_guard lock(control_->mutex);
    steps_.push_back(std::move(step));
    control_->changed.notify_all();
  }
  void work() {
    std::unique_lock lock(control_->mutex);
    for (;;) {
      control_->changed.wait(lock,
                             [this] { return closing_ || (control_->may_run && !steps_.empty()); });
      if (steps_.empty()) return;
      const auto step = std::move(steps_.front());
      steps_.pop_front();
      lock.unlock();
      step();
      lock.lock();
    }
  }

  const std::shared_ptr<Control> control_;
  size_t arena_bytes_ = 0;
  Memory arena_;
  std::deque<std::function<void()>> steps_;
  bool closing_ = false;
  std::thread thread_;
};

/** Submits a pass that fills its result with `value`. */
std::future<std::shared_ptr<Pass>> submit(Engine& engine, uint8_t value) {
  auto promise = std::make_shared<std::promise<std::shared_ptr<Pass>>>();
  const auto pass = engine.begin();
  engine.submit(*pass,
                {.commands = {static_cast<double>(Op::fill), 0, Space::arena, 0, kBytes,
                              static_cast<double>(value)},
                 .inputs = {},
                 .arena_bytes = kBytes},
                {.place = {.space = Space::arena, .offset = 0}, .bytes = kBytes},
                [promise](std::shared_ptr<Pass> done) { promise->set_value(std::move(done)); });
  return promise->get_future();
}

/** Waits until `passes` passes were recorded. Returns false after 20 seconds. */
bool recorded(Control& control, int passes) {
  std::unique_lock lock(control.mutex);
  return control.changed.wait_for(lock, std::chrono::seconds(20),
                                  [&] { return control.recorded_passes >= passes; });
}

bool is_ready(const std::future<std::shared_ptr<Pass>>& pass) {
  return pass.wait_for(std::chrono::seconds(0)) == std::future_status::ready;
}

bool holds(const Pass& pass, uint8_t value) {
  return !pass.failure && pass.result.size() == kBytes &&
         std::all_of(pass.result.data(), pass.result.data() + kBytes,
                     [&](std::byte byte) { return byte == static_cast<std::byte>(value); });
}

void check_overlap() {
  const auto control = std::make_shared<Control>();
  Engine engine(std::make_unique<DeferredDevice>(control));
  auto first = submit(engine, 1), second = submit(engine, 2);
  expect(recorded(*control, 2),
         "deferred device: the second pass is recorded while the first has not run");
  expect(!is_ready(first) && !is_ready(second), "deferred device: nothing is settled early");
  control->set(control->may_run);
  expect(holds(*first.get(), 1) && holds(*second.get(), 2), "deferred device: results");
}

void check_failure() {
  const auto control = std::make_shared<Control>();
  control->fails = control->may_run = true;
  Engine engine(std::make_unique<DeferredDevice>(control));
  expect(submit(engine, 1).get()->failure != nullptr, "deferred device: a failure arrives late");
}

/** `close` must settle every pass before it returns, whether or not the device has recorded it. */
void check_close() {
  for (int round = 0; round < 50; round++) {
    const auto control = std::make_shared<Control>();
    Engine engine(std::make_unique<DeferredDevice>(control));
    auto first = submit(engine, 1), second = submit(engine, 2);
    const int waited = round % 3;
    expect(recorded(*control, waited), "deferred device: passes are recorded");
    engine.close();
    expect(is_ready(first) && is_ready(second), "deferred device: close settles every pass");
  }
}

}  // namespace

void test_deferred_device() {
  check_overlap();
  check_failure();
  check_close();
}

}  // namespace test
