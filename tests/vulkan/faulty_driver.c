/* A Vulkan driver with faults, for tests: preloaded, it stands between ggml and the loader.
 *
 * VULKAN_LOST_AT=N      the Nth submission is refused with VK_ERROR_DEVICE_LOST, and so is all that follows it.
 * VULKAN_REFUSE_AT=N    the Nth buffer is refused with VK_ERROR_OUT_OF_DEVICE_MEMORY, and so is all that follows it.
 * VULKAN_ARMED=FILE     submissions and buffers are counted once there is something in FILE.
 * VULKAN_MEMORY_MIB=N   each device has room for N MiB; what goes beyond is VK_ERROR_OUT_OF_DEVICE_MEMORY.
 * VULKAN_SHOWN_MIB=N,N  but the devices, in the loader's order, say that N MiB are free, as if other programs had
 *                       taken the rest since.
 * VULKAN_KINDS=A,B      what they say that they are: "integrated" or "discrete"; each with an identity and a name of
 *                       its own.
 * VULKAN_NOTES=FILE     a process notes its first fault there as a line, and one that finds VULKAN_TIMES=N lines (1
 *                       where N is not said) has no faults.
 *
 * ggml gets every function from vkGetInstanceProcAddr, so that this one is all that has to be replaced. */

#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <vulkan/vulkan.h>

#define MOST_DEVICES 8
#define MOST_BUFFERS 65536

static PFN_vkGetInstanceProcAddr next_address;
static PFN_vkAllocateMemory next_allocate;
static PFN_vkFreeMemory next_free;
static PFN_vkQueueSubmit next_submit;
static PFN_vkGetFenceStatus next_fence_status;
static PFN_vkWaitForFences next_wait_fences;
static PFN_vkWaitSemaphores next_wait_semaphores;
static PFN_vkEnumeratePhysicalDevices next_devices;
static PFN_vkGetPhysicalDeviceProperties next_properties;
static PFN_vkGetPhysicalDeviceProperties2 next_properties2;
static PFN_vkGetPhysicalDeviceMemoryProperties2 next_memory2;
static PFN_vkCreateDevice next_create_device;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static long lost_at, refuse_at, memory_mib, submitted, allocated;
static int notes_fd = -1, armed_fd = -1, is_lost, is_spent, is_noted;
static VkPhysicalDevice devices[MOST_DEVICES];
static unsigned n_devices;
static struct { VkDevice device; VkPhysicalDevice physical; } opened[MOST_DEVICES];
static unsigned n_opened;
static struct { VkDeviceMemory memory; VkPhysicalDevice physical; VkDeviceSize size; } buffers[MOST_BUFFERS];

static long number(const char *name) {
    const char *value = getenv(name);
    return value ? atol(value) : 0;
}

/* Before the process gives up files. */
__attribute__((constructor)) static void begin(void) {
    lost_at = number("VULKAN_LOST_AT");
    refuse_at = number("VULKAN_REFUSE_AT");
    memory_mib = number("VULKAN_MEMORY_MIB");
    const char *armed = getenv("VULKAN_ARMED");
    if (armed)
        armed_fd = open(armed, O_RDONLY | O_CREAT | O_CLOEXEC, 0600);
    const char *notes = getenv("VULKAN_NOTES");
    if (notes) {
        notes_fd = open(notes, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
        long times = number("VULKAN_TIMES"), noted = 0;
        for (char one; read(notes_fd, &one, 1) == 1;)
            noted += one == '\n';
        is_spent = notes_fd < 0 || noted >= (times ? times : 1);
    }
}

static void note(const char *what) {
    if (notes_fd >= 0 && !is_noted && write(notes_fd, what, strlen(what)) < 0)
        perror("faulty_driver");
    is_noted = 1;
}

static int counts(void) {
    return !is_spent && (armed_fd < 0 || lseek(armed_fd, 0, SEEK_END) > 0);
}

/* Devices */

static unsigned index_of(VkPhysicalDevice device) {
    unsigned index = 0;
    while (index < n_devices && devices[index] != device)
        index++;
    return index;
}

static VKAPI_ATTR VkResult VKAPI_CALL enumerate(VkInstance instance, uint32_t *count, VkPhysicalDevice *found) {
    VkResult result = next_devices(instance, count, found);
    if (found) {
        n_devices = *count < MOST_DEVICES ? *count : MOST_DEVICES;
        memcpy(devices, found, n_devices * sizeof *found);
    }
    return result;
}

/* What a setting with one value for each device says of this one; empty where it says nothing. */
static const char *of_device(const char *name, VkPhysicalDevice device) {
    const char *values = getenv(name);
    for (unsigned index = index_of(device); index && values; index--) {
        values = strchr(values, ',');
        values = values ? values + 1 : NULL;
    }
    return values ? values : "";
}

static void pretend(VkPhysicalDevice device, VkPhysicalDeviceProperties *properties) {
    const char kind = of_device("VULKAN_KINDS", device)[0];
    if (!kind)
        return;
    int is_inside = kind == 'i';
    properties->deviceType = is_inside ? VK_PHYSICAL_DEVICE_TYPE_INTEGRATED_GPU : VK_PHYSICAL_DEVICE_TYPE_DISCRETE_GPU;
    const char *name = is_inside ? "Intel(R) Graphics" : "AMD Radeon";
    snprintf(properties->deviceName, sizeof properties->deviceName, "%s %u", name, index_of(device));
}

static VKAPI_ATTR void VKAPI_CALL properties(VkPhysicalDevice device, VkPhysicalDeviceProperties *out) {
    next_properties(device, out);
    pretend(device, out);
}

static VKAPI_ATTR void VKAPI_CALL properties2(VkPhysicalDevice device, VkPhysicalDeviceProperties2 *out) {
    next_properties2(device, out);
    pretend(device, &out->properties);
    for (VkBaseOutStructure *one = out->pNext; one && getenv("VULKAN_KINDS"); one = one->pNext) {
        if (one->sType == VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_ID_PROPERTIES)
            ((VkPhysicalDeviceIDProperties *) one)->deviceUUID[0] ^= (uint8_t) index_of(device);
        if (one->sType == VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_VULKAN_1_1_PROPERTIES)
            ((VkPhysicalDeviceVulkan11Properties *) one)->deviceUUID[0] ^= (uint8_t) index_of(device);
    }
}

static VKAPI_ATTR VkResult VKAPI_CALL create_device(
    VkPhysicalDevice physical, const VkDeviceCreateInfo *info, const VkAllocationCallbacks *callbacks, VkDevice *out
) {
    VkResult result = next_create_device(physical, info, callbacks, out);
    if (result == VK_SUCCESS && n_opened < MOST_DEVICES) {
        opened[n_opened].device = *out;
        opened[n_opened++].physical = physical;
    }
    return result;
}

/* Memory */

static VkDeviceSize taken_on(VkPhysicalDevice physical) {
    VkDeviceSize taken = 0;
    for (unsigned i = 0; i < MOST_BUFFERS; i++)
        if (buffers[i].memory && buffers[i].physical == physical)
            taken += buffers[i].size;
    return taken;
}

static VKAPI_ATTR void VKAPI_CALL memory2(VkPhysicalDevice device, VkPhysicalDeviceMemoryProperties2 *out) {
    next_memory2(device, out);
    long shown_mib = atol(of_device("VULKAN_SHOWN_MIB", device)), mib = shown_mib ? shown_mib : memory_mib;
    if (!mib || is_spent)
        return;
    pthread_mutex_lock(&lock);
    for (uint32_t i = 0; i < out->memoryProperties.memoryHeapCount; i++)
        out->memoryProperties.memoryHeaps[i].size = (VkDeviceSize) mib << 20;
    for (VkBaseOutStructure *one = out->pNext; one; one = one->pNext)
        if (one->sType == VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_MEMORY_BUDGET_PROPERTIES_EXT)
            for (uint32_t i = 0; i < out->memoryProperties.memoryHeapCount; i++) {
                ((VkPhysicalDeviceMemoryBudgetPropertiesEXT *) one)->heapBudget[i] = (VkDeviceSize) mib << 20;
                ((VkPhysicalDeviceMemoryBudgetPropertiesEXT *) one)->heapUsage[i] = taken_on(device);
            }
    pthread_mutex_unlock(&lock);
}

static VKAPI_ATTR VkResult VKAPI_CALL allocate(
    VkDevice device, const VkMemoryAllocateInfo *info, const VkAllocationCallbacks *callbacks, VkDeviceMemory *out
) {
    VkPhysicalDevice physical = VK_NULL_HANDLE;
    for (unsigned i = 0; i < n_opened; i++)
        if (opened[i].device == device)
            physical = opened[i].physical;
    pthread_mutex_lock(&lock);
    VkResult result = VK_SUCCESS;
    if (refuse_at && counts() && ++allocated >= refuse_at) {
        note("out of memory\n");
        result = VK_ERROR_OUT_OF_DEVICE_MEMORY;
    }
    if (memory_mib && !is_spent && taken_on(physical) + info->allocationSize > (VkDeviceSize) memory_mib << 20) {
        note("out of memory\n");
        result = VK_ERROR_OUT_OF_DEVICE_MEMORY;
    }
    if (result == VK_SUCCESS)
        result = next_allocate(device, info, callbacks, out);
    for (unsigned i = 0; result == VK_SUCCESS && i < MOST_BUFFERS; i++)
        if (!buffers[i].memory) {
            buffers[i].memory = *out;
            buffers[i].physical = physical;
            buffers[i].size = info->allocationSize;
            break;
        }
    pthread_mutex_unlock(&lock);
    return result;
}

static VKAPI_ATTR void VKAPI_CALL release(
    VkDevice device, VkDeviceMemory memory, const VkAllocationCallbacks *callbacks
) {
    pthread_mutex_lock(&lock);
    for (unsigned i = 0; memory && i < MOST_BUFFERS; i++)
        if (buffers[i].memory == memory)
            buffers[i].memory = VK_NULL_HANDLE;
    pthread_mutex_unlock(&lock);
    next_free(device, memory, callbacks);
}

/* Work */

static VKAPI_ATTR VkResult VKAPI_CALL submit(VkQueue queue, uint32_t n, const VkSubmitInfo *infos, VkFence fence) {
    pthread_mutex_lock(&lock);
    if (lost_at && counts() && ++submitted == lost_at) {
        is_lost = 1;
        note("device lost\n");
    }
    pthread_mutex_unlock(&lock);
    return is_lost ? VK_ERROR_DEVICE_LOST : next_submit(queue, n, infos, fence);
}

static VKAPI_ATTR VkResult VKAPI_CALL fence_status(VkDevice device, VkFence fence) {
    return is_lost ? VK_ERROR_DEVICE_LOST : next_fence_status(device, fence);
}

static VKAPI_ATTR VkResult VKAPI_CALL wait_fences(
    VkDevice device, uint32_t n, const VkFence *fences, VkBool32 all, uint64_t timeout_ns
) {
    return is_lost ? VK_ERROR_DEVICE_LOST : next_wait_fences(device, n, fences, all, timeout_ns);
}

static VKAPI_ATTR VkResult VKAPI_CALL wait_semaphores(
    VkDevice device, const VkSemaphoreWaitInfo *info, uint64_t timeout_ns
) {
    return is_lost ? VK_ERROR_DEVICE_LOST : next_wait_semaphores(device, info, timeout_ns);
}

VKAPI_ATTR PFN_vkVoidFunction VKAPI_CALL vkGetInstanceProcAddr(VkInstance instance, const char *name) {
    if (!next_address)
        next_address = (PFN_vkGetInstanceProcAddr) dlsym(dlopen("libvulkan.so.1", RTLD_NOW), "vkGetInstanceProcAddr");
    const struct { const char *name; PFN_vkVoidFunction *next; PFN_vkVoidFunction ours; } replaced[] = {
#define REPLACED(name, next, ours) {name, (PFN_vkVoidFunction *) &next, (PFN_vkVoidFunction) ours}
        REPLACED("vkEnumeratePhysicalDevices", next_devices, enumerate),
        REPLACED("vkGetPhysicalDeviceProperties", next_properties, properties),
        REPLACED("vkGetPhysicalDeviceProperties2", next_properties2, properties2),
        REPLACED("vkGetPhysicalDeviceMemoryProperties2", next_memory2, memory2),
        REPLACED("vkCreateDevice", next_create_device, create_device),
        REPLACED("vkAllocateMemory", next_allocate, allocate),
        REPLACED("vkFreeMemory", next_free, release),
        REPLACED("vkQueueSubmit", next_submit, submit),
        REPLACED("vkGetFenceStatus", next_fence_status, fence_status),
        REPLACED("vkWaitForFences", next_wait_fences, wait_fences),
        REPLACED("vkWaitSemaphores", next_wait_semaphores, wait_semaphores),
    };
    PFN_vkVoidFunction found = next_address(instance, name);
    for (unsigned i = 0; found && i < sizeof replaced / sizeof *replaced; i++)
        if (strcmp(name, replaced[i].name) == 0) {
            *replaced[i].next = found;
            return replaced[i].ours;
        }
    return found;
}
