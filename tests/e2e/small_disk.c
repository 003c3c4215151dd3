// A disk of a few bytes, for tests that anybody can run: preloaded into a program, it lets the files of one folder grow
// together to so many bytes and no further. Beyond that it answers ENOSPC, as a full file system does; overwriting
// what is there goes on, and what is removed makes room.
// SMALL_DISK_FOLDER: the folder. SMALL_DISK_BYTES: a file that holds the number of bytes; while there is none, no
// limit.
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/types.h>
#include <unistd.h>

// The number of bytes that the folder may hold, or -1.
static long long limit_of(const char* folder) {
  const char* name = getenv("SMALL_DISK_BYTES");
  if (folder == NULL || name == NULL) return -1;
  FILE* file = fopen(name, "re");
  if (file == NULL) return -1;
  long long bytes = -1;
  if (fscanf(file, "%lld", &bytes) != 1) bytes = -1;
  fclose(file);
  return bytes;
}

static int is_path_inside(const char* path, const char* folder) {
  const size_t length = strlen(folder);
  return strncmp(path, folder, length) == 0 && (path[length] == '/' || path[length] == '\0');
}

static int is_inside(int fd, const char* folder) {
  char link[64];
  char path[PATH_MAX];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  const ssize_t n = readlink(link, path, sizeof path - 1);
  if (n <= 0) return 0;
  path[n] = '\0';
  return is_path_inside(path, folder);
}

static long long used(const char* folder) {
  long long sum = 0;
  DIR* all = opendir(folder);
  if (all == NULL) return 0;
  for (const struct dirent* e = readdir(all); e != NULL; e = readdir(all)) {
    struct stat s;
    if (fstatat(dirfd(all), e->d_name, &s, 0) == 0 && S_ISREG(s.st_mode)) sum += s.st_size;
  }
  closedir(all);
  return sum;
}

// Whether the file behind `fd` may reach `end` bytes.
static int fits(int fd, off_t end) {
  const int before = errno;
  const char* folder = getenv("SMALL_DISK_FOLDER");
  const long long limit = limit_of(folder);
  struct stat s;
  int good = 1;
  if (limit >= 0 && fstat(fd, &s) == 0 && S_ISREG(s.st_mode) && end > s.st_size && is_inside(fd, folder))
    good = used(folder) + (end - s.st_size) <= limit;
  errno = before;
  return good;
}

static ssize_t no_room(void) {
  errno = ENOSPC;
  return -1;
}

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

ssize_t pwrite(int fd, const void* data, size_t size, off_t at) {
  return fits(fd, at + (off_t)size) ? REAL(pwrite)(fd, data, size, at) : no_room();
}
ssize_t pwrite64(int fd, const void* data, size_t size, off64_t at) {
  return fits(fd, at + (off_t)size) ? REAL(pwrite64)(fd, data, size, at) : no_room();
}
ssize_t write(int fd, const void* data, size_t size) {
  const int before = errno;
  const off_t at = lseek(fd, 0, SEEK_CUR);
  errno = before;
  return at < 0 || fits(fd, at + (off_t)size) ? REAL(write)(fd, data, size) : no_room();
}
int ftruncate(int fd, off_t size) {
  return fits(fd, size) ? REAL(ftruncate)(fd, size) : (int)no_room();
}
int ftruncate64(int fd, off64_t size) {
  return fits(fd, size) ? REAL(ftruncate64)(fd, size) : (int)no_room();
}
int posix_fallocate(int fd, off_t at, off_t size) {
  return fits(fd, at + size) ? REAL(posix_fallocate)(fd, at, size) : ENOSPC;
}
int posix_fallocate64(int fd, off64_t at, off64_t size) {
  return fits(fd, at + size) ? REAL(posix_fallocate64)(fd, at, size) : ENOSPC;
}

// What is left, where a number of bytes is set for the folder that `path` lies in.
static void tell_free(const char* path, unsigned long block, fsblkcnt_t* free, fsblkcnt_t* available) {
  const char* folder = getenv("SMALL_DISK_FOLDER");
  const long long limit = limit_of(folder);
  if (limit < 0 || !is_path_inside(path, folder)) return;
  const long long left = limit - used(folder);
  *free = *available = (left > 0 ? (fsblkcnt_t)left : 0) / block;
}

int statvfs(const char* path, struct statvfs* s) {
  const int answer = REAL(statvfs)(path, s);
  if (answer == 0) tell_free(path, s->f_frsize, &s->f_bfree, &s->f_bavail);
  return answer;
}
int statvfs64(const char* path, struct statvfs64* s) {
  const int answer = REAL(statvfs64)(path, s);
  if (answer == 0) tell_free(path, s->f_frsize, &s->f_bfree, &s->f_bavail);
  return answer;
}
