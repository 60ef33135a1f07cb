#include "generate/groups.h"

#include <stdio.h>
#include <stdlib.h>

#include "generate/random.h"

/* Streams of random numbers that belong to groups, far from those of people. */
enum { STREAM_SIZE = 0x40000000, STREAM_TRAITS };
static const double size_spread = 1.1; /* sd of the logarithm of group sizes */

const hra_branch hra_branches[HRA_BRANCH_COUNT] = {
    {"beijing", "北京分公司", "11", "北京市", true, true, 0.96},
    {"shanghai", "上海分公司", "31", "上海市", false, false, 0.97},
    {"guangdong", "广东分公司", "44", "广东省", false, false, 0.88},
    {"jiangsu", "江苏分公司", "32", "江苏省", false, true, 0.85},
    {"zhejiang", "浙江分公司", "33", "浙江省", false, false, 0.84},
    {"shandong", "山东分公司", "37", "山东省", true, true, 0.74},
    {"henan", "河南分公司", "41", "河南省", true, true, 0.66},
    {"sichuan", "四川分公司", "51", "四川省", false, false, 0.68},
    {"hubei", "湖北分公司", "42", "湖北省", false, true, 0.74},
    {"liaoning", "辽宁分公司", "21", "辽宁省", true, true, 0.82},
    {"shaanxi", "陕西分公司", "61", "陕西省", true, true, 0.72},
    {"fujian", "福建分公司", "35", "福建省", false, false, 0.80},
};

const hra_provider hra_providers[HRA_PROVIDER_COUNT] = {
#define PANELS(member, body, blood, extra, hba1c, ogtt, urine, uacr, ecg, imaging, history, habits, diet, mind)        \
    {                                                                                                                  \
        0, member, body, blood, extra, hba1c, ogtt, urine, uacr, ecg, imaging, history, habits, diet, mind             \
    }
    {"hospital_a", "第一医院体检中心", PANELS(.002, .004, .008, .15, .12, .86, .03, .55, .03, .10, .04, .05, .09, .12),
     1.2, .05},
    {"hospital_b", "人民医院健康管理中心",
     PANELS(.004, .006, .010, .35, .22, .90, .04, .70, .04, .16, .05, .06, .12, .20), 2.0, .12},
    {"chain_a", "康信体检连锁", PANELS(.003, .005, .012, .55, .35, .97, .05, .80, .05, .12, .06, .07, .10, .15), 2.4,
     .08},
    {"chain_b", "安和体检连锁", PANELS(.006, .008, .015, .75, .48, .98, .06, .88, .08, .20, .08, .09, .15, .30), 3.5,
     .20},
    {"community", "社区卫生服务中心", PANELS(.010, .012, .020, .95, .70, .99, .08, .95, .15, .55, .06, .07, .20, .45),
     4.5, .45},
    {"factory_clinic", "职工医院", PANELS(.012, .015, .030, .90, .62, .99, .10, .93, .20, .45, .12, .14, .30, .55), 6.0,
     .40},
#undef PANELS
};

const char *const hra_departments[HRA_DEPARTMENT_COUNT] = {
    "management", "finance", "hr", "sales", "production", "technical", "logistics", "service", "quality", "workshop_1"};
const char *const hra_departments_zh[HRA_DEPARTMENT_COUNT] = {"管理部", "财务部", "人力资源部", "销售部", "生产部",
                                                              "技术部", "物流部", "客服部",     "质检部", "一车间"};

static void draw_traits(uint64_t seed, int number, hra_corporate_group *group)
{
    uint32_t w[4], v[4];
    hra_random_row(seed, STREAM_TRAITS, 2 * (int64_t)number, w);
    hra_random_row(seed, STREAM_TRAITS, 2 * (int64_t)number + 1, v);
    group->branch = (int)(hra_random_unit(w[0]) * HRA_BRANCH_COUNT);
    group->provider = (int)(hra_random_unit(w[1]) * HRA_PROVIDER_COUNT);
    group->mean_age = 40 + 3.5 * hra_normal_quantile(hra_random_unit(w[2]));
    double men = 0.55 + 0.14 * hra_normal_quantile(hra_random_unit(w[3]));
    group->men = men < 0.15 ? 0.15 : men > 0.92 ? 0.92 : men;
    group->smoking_shift = 0.2 * hra_normal_quantile(hra_random_unit(v[0]));
    group->sitting_shift = 1.1 * hra_normal_quantile(hra_random_unit(v[1]));
    snprintf(group->id, sizeof group->id, "G%04d", number + 1);
}

hra_code hra_groups_make(uint64_t seed, int64_t rows, int count, hra_groups *out, hra_error *error)
{
    *out = (hra_groups){0};
    if (count < 1 || rows < count)
        return hra_fail(error, HRA_EUSAGE, "%lld rows cannot make %d groups", (long long)rows, count);
    hra_corporate_group *items = calloc((size_t)count, sizeof *items);
    double *upto = malloc(((size_t)count + 1) * sizeof *upto);
    if (!items || !upto) {
        free(items);
        free(upto);
        return hra_fail(error, HRA_ENOMEM, "out of memory for %d groups", count);
    }
    upto[0] = 0;
    for (int g = 0; g < count; g++) {
        uint32_t w[4];
        hra_random_row(seed, STREAM_SIZE, g, w);
        upto[g + 1] = upto[g] + hra_exp_plain(size_spread * hra_normal_quantile(hra_random_unit(w[0])));
        draw_traits(seed, g, &items[g]);
    }
    /* One row for each group, the others in proportion to the weights. */
    int64_t first = 0;
    for (int g = 0; g < count; g++) {
        int64_t next = g + 1 + (int64_t)((double)(rows - count) * (upto[g + 1] / upto[count]));
        if (g + 1 == count) next = rows;
        items[g].first = first;
        items[g].count = next - first;
        first = next;
    }
    free(upto);
    *out = (hra_groups){items, count};
    return HRA_OK;
}

void hra_groups_destroy(hra_groups *groups)
{
    free(groups->items);
    *groups = (hra_groups){0};
}

int hra_groups_of(const hra_groups *groups, int64_t row)
{
    int low = 0, high = groups->count - 1;
    while (low < high) {
        int middle = (low + high + 1) / 2;
        if (groups->items[middle].first <= row)
            low = middle;
        else
            high = middle - 1;
    }
    return low;
}
